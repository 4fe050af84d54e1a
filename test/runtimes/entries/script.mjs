// For engines without a module loader, a console or a timer: QuickJS and Hermes.

import * as otpcore from 'otpcore';
import { judge } from './judge.mjs';

judge(otpcore).then(
  (report) => globalThis.tell(JSON.stringify(report)),
  (error) => globalThis.tell(String(error)),
);

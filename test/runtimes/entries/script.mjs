// For engines without a module loader, a console or a timer: QuickJS and Hermes.

import { judge } from './judge.mjs';
import * as otpcore from './library.mjs';

judge(otpcore).then(
  (report) => globalThis.tell(JSON.stringify(report)),
  (error) => globalThis.tell(String(error)),
);

// For workerd.

import { judge } from './judge.mjs';
import * as otpcore from './library.mjs';

export default {
  async fetch() {
    return Response.json(await judge(otpcore));
  },
};

// For workerd.

import * as otpcore from 'otpcore';
import { judge } from './judge.mjs';

export default {
  async fetch() {
    return Response.json(await judge(otpcore));
  },
};

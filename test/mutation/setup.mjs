// The same random values in each run, so that a change is noticed or survives each time. A property
// ends after a moment, and a failure is not shrunk.
import fc from 'fast-check';

fc.configureGlobal({ seed: 4226, endOnFailure: true, interruptAfterTimeLimit: 300 });

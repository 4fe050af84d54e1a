// The doors that the suite goes through, as one namespace.
export * from 'otpcore';
export * from 'otpcore/recovery-codes';
export * from 'otpcore/second-factor';
export * from 'otpcore/second-factor/memory';

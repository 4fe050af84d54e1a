// TOTP test vectors: RFC 6238, Appendix B, all 18 rows. T0 is 0 and the time step is 30 seconds.
// The secrets are the 20-, 32- and 64-byte ASCII seeds of erratum 2866; the text of the appendix
// names only the first. The RFC gives time, step, algorithm and code. `hmacHex` and `truncated` are
// not from the RFC: they were computed with node:crypto, so that a failure names the layer.

export interface Rfc6238Case {
  readonly timeSeconds: number;
  readonly step: number;
  readonly stepHex: string;
  readonly algorithm: 'SHA1' | 'SHA256' | 'SHA512';
  readonly secretHex: string;
  readonly hmacHex: string;
  readonly truncated: number;
  readonly code: string;
}

export interface Rfc6238Vectors {
  readonly source: string;
  readonly digits: 8;
  readonly period: 30;
  readonly epoch: 0;
  readonly cases: readonly Rfc6238Case[];
}

const seed20 = '3132333435363738393031323334353637383930';
const seed32 = '3132333435363738393031323334353637383930313233343536373839303132';
const seed64 = '31323334353637383930313233343536373839303132333435363738393031323334353637383930313233343536373839303132333435363738393031323334';

export const rfc6238: Rfc6238Vectors = {
  source: 'RFC 6238, Appendix B, erratum 2866',
  digits: 8,
  period: 30,
  epoch: 0,
  cases: [
    { timeSeconds: 59, step: 1, stepHex: '0000000000000001', algorithm: 'SHA1', secretHex: seed20, hmacHex: '75a48a19d4cbe100644e8ac1397eea747a2d33ab', truncated: 1094287082, code: '94287082' },
    { timeSeconds: 59, step: 1, stepHex: '0000000000000001', algorithm: 'SHA256', secretHex: seed32, hmacHex: '392514c9dd4165d4709456062c78e04e16e68718515951333bdb8b26caa3053c', truncated: 746119246, code: '46119246' },
    { timeSeconds: 59, step: 1, stepHex: '0000000000000001', algorithm: 'SHA512', secretHex: seed64, hmacHex: '6f76f324230cefda1d3f65309a0badb36efce9528ada64967d71e4e9d74c4aa37fe7650f931ab86ddccc2d38962d720ee626a20feb311b485a92e3bb0796df28', truncated: 490693936, code: '90693936' },
    { timeSeconds: 1111111109, step: 37037036, stepHex: '00000000023523ec', algorithm: 'SHA1', secretHex: seed20, hmacHex: '278c02e53610f84c40bd9135acd4101012410a14', truncated: 907081804, code: '07081804' },
    { timeSeconds: 1111111109, step: 37037036, stepHex: '00000000023523ec', algorithm: 'SHA256', secretHex: seed32, hmacHex: '4eed729864525d771326c6049bc885629fb8813ebb417e5704df02358793f056', truncated: 1568084774, code: '68084774' },
    { timeSeconds: 1111111109, step: 37037036, stepHex: '00000000023523ec', algorithm: 'SHA512', secretHex: seed64, hmacHex: 'b3381250260d6a9e811ae58dfa406705e38c804c97528d5a7ed8ee533331f8c43cc3454911ad1d2761f9380170c0b180a657e3a944c796e05d09f2d1630b7505', truncated: 225091201, code: '25091201' },
    { timeSeconds: 1111111111, step: 37037037, stepHex: '00000000023523ed', algorithm: 'SHA1', secretHex: seed20, hmacHex: 'b0092b21d048af209da0a1ddd498ade8a79487ed', truncated: 414050471, code: '14050471' },
    { timeSeconds: 1111111111, step: 37037037, stepHex: '00000000023523ed', algorithm: 'SHA256', secretHex: seed32, hmacHex: 'cb48f7ef5cd98f6d7bfcb31ae7458ff692a015776205de7e1abfff29d6d48a9d', truncated: 1167062674, code: '67062674' },
    { timeSeconds: 1111111111, step: 37037037, stepHex: '00000000023523ed', algorithm: 'SHA512', secretHex: seed64, hmacHex: '01713ed59e49948a4f0fffb7466baebac66362d90764a5a23df761636e1535c44b635339ec00a789b8ca45cd3d727acd6b995047547f6f68adc6f16a7436c331', truncated: 1899943326, code: '99943326' },
    { timeSeconds: 1234567890, step: 41152263, stepHex: '000000000273ef07', algorithm: 'SHA1', secretHex: seed20, hmacHex: '907cd1a9116564ecb9d5d1780325f246173fe703', truncated: 689005924, code: '89005924' },
    { timeSeconds: 1234567890, step: 41152263, stepHex: '000000000273ef07', algorithm: 'SHA256', secretHex: seed32, hmacHex: '3befb8821caef9df4e05790da0966163f4e38feee7f71fcd289c3de48d3486d9', truncated: 91819424, code: '91819424' },
    { timeSeconds: 1234567890, step: 41152263, stepHex: '000000000273ef07', algorithm: 'SHA512', secretHex: seed64, hmacHex: '87d0cfb5d4e968d7d9041a5cf21dd7d460705784004f0244edb98004e6cf9942ace539d621c97dc0fb75f6f10d64af1f09ecae83ea7f1213c7fa187dfaf6b938', truncated: 1493441116, code: '93441116' },
    { timeSeconds: 2000000000, step: 66666666, stepHex: '0000000003f940aa', algorithm: 'SHA1', secretHex: seed20, hmacHex: '25a326d31fc366244cad054976020c7b56b13d5f', truncated: 2069279037, code: '69279037' },
    { timeSeconds: 2000000000, step: 66666666, stepHex: '0000000003f940aa', algorithm: 'SHA256', secretHex: seed32, hmacHex: 'a4e8eabbe549adfa65408945a9282cb93f394f06c0d4f122260963641bc3abe2', truncated: 1790698825, code: '90698825' },
    { timeSeconds: 2000000000, step: 66666666, stepHex: '0000000003f940aa', algorithm: 'SHA512', secretHex: seed64, hmacHex: '129baa738cfa1565a24297237bce282671ff6e261754eb7011e1e75bd2555b326313142a1f9fe2f31d9ce6cc95d3b16a0dee56f2492f2f76885702d98bfadc93', truncated: 1938618901, code: '38618901' },
    { timeSeconds: 20000000000, step: 666666666, stepHex: '0000000027bc86aa', algorithm: 'SHA1', secretHex: seed20, hmacHex: 'ab07e97e2c1278769dbcd75783aabde75ed8550a', truncated: 1465353130, code: '65353130' },
    { timeSeconds: 20000000000, step: 666666666, stepHex: '0000000027bc86aa', algorithm: 'SHA256', secretHex: seed32, hmacHex: '1363cc0ee3557f092e5b55ea3ddb06bcd20f063ce393ccf670059e3ca44941f8', truncated: 777737706, code: '77737706' },
    { timeSeconds: 20000000000, step: 666666666, stepHex: '0000000027bc86aa', algorithm: 'SHA512', secretHex: seed64, hmacHex: '562298a02af13e7522127adee3dc6678d53669ca2b7016186968f9a9c14f51d1e7098ba91293a01b5f3bab4207a2af5ce332a45f2c2ff2b9885aa42ff61cb426', truncated: 1047863826, code: '47863826' },
  ],
};

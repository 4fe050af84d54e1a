// HMAC of 8-byte messages: RFC 2202, section 3 (SHA-1) and RFC 4231, section 4.2 (SHA-256,
// SHA-512). This library's HMAC only ever hashes an 8-byte counter, so of the RFCs' cases just case
// 1, 'Hi There', fits: the messages of all the others have another length.

export interface HmacCase {
  readonly source: string;
  readonly algorithm: 'SHA1' | 'SHA256' | 'SHA512';
  readonly keyHex: string;
  readonly messageHex: string;
  readonly hmacHex: string;
}

export const rfcHmac: readonly HmacCase[] = [
  { source: 'RFC 2202, section 3, case 1', algorithm: 'SHA1', keyHex: '0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b', messageHex: '4869205468657265', hmacHex: 'b617318655057264e28bc0b6fb378c8ef146be00' },
  { source: 'RFC 4231, section 4.2', algorithm: 'SHA256', keyHex: '0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b', messageHex: '4869205468657265', hmacHex: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7' },
  { source: 'RFC 4231, section 4.2', algorithm: 'SHA512', keyHex: '0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b', messageHex: '4869205468657265', hmacHex: '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854' },
];

// Not from an RFC: computed with node:crypto. The keys of the RFCs' case 6 (80 bytes of 0xaa in RFC
// 2202, 131 in RFC 4231), and keys whose byte i is i & 0xff: around the block sizes of 64 and 128
// bytes, at 4096, and at 119, 120 and 239, 240, where the padding of a key that is hashed first
// spills into one more block (SHA-1 and SHA-256, then SHA-512). The message, read as a big-endian
// counter, is below 2^53.

export interface DerivedHmacCase {
  readonly algorithm: 'SHA1' | 'SHA256' | 'SHA512';
  /** The key is this, repeated and cut to `keyLength` bytes. */
  readonly keyUnitHex: string;
  readonly keyLength: number;
  readonly messageHex: string;
  readonly hmacHex: string;
}

/** The bytes 0x00 to 0xff. */
const countingBytes = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff';

export const derivedHmac: readonly DerivedHmacCase[] = [
  { algorithm: 'SHA1', keyUnitHex: 'aa', keyLength: 80, messageHex: '0011223344556677', hmacHex: '4757e0c14169bd6ed314057dd9218a58e14f9c65' },
  { algorithm: 'SHA1', keyUnitHex: 'aa', keyLength: 131, messageHex: '0011223344556677', hmacHex: '3bd87bbebe1eeda975ce055963a301a636f12035' },
  { algorithm: 'SHA1', keyUnitHex: countingBytes, keyLength: 1, messageHex: '0011223344556677', hmacHex: '559df5edd7cab09c3b2969aaf148048689154a11' },
  { algorithm: 'SHA1', keyUnitHex: countingBytes, keyLength: 63, messageHex: '0011223344556677', hmacHex: 'a93daaceb776adfc7dda0f3958d27e5bf107b26b' },
  { algorithm: 'SHA1', keyUnitHex: countingBytes, keyLength: 64, messageHex: '0011223344556677', hmacHex: '6f8988b6c2d0e65a97fc0d79618cffdc73f894c7' },
  { algorithm: 'SHA1', keyUnitHex: countingBytes, keyLength: 65, messageHex: '0011223344556677', hmacHex: '720d50ad54480d924d162db14df19a899aee2355' },
  { algorithm: 'SHA1', keyUnitHex: countingBytes, keyLength: 111, messageHex: '0011223344556677', hmacHex: 'b6a137c926d53371e74eebeda49fa0584dd1c177' },
  { algorithm: 'SHA1', keyUnitHex: countingBytes, keyLength: 112, messageHex: '0011223344556677', hmacHex: '55178d8d03f29c3c39d84102909213db342361f8' },
  { algorithm: 'SHA1', keyUnitHex: countingBytes, keyLength: 119, messageHex: '0011223344556677', hmacHex: 'ac8c68b03cc47119686dd4ac27cb54bd0cd39e09' },
  { algorithm: 'SHA1', keyUnitHex: countingBytes, keyLength: 120, messageHex: '0011223344556677', hmacHex: 'a147ddd0c283a19eee6fc7b5a65a7dff73e79190' },
  { algorithm: 'SHA1', keyUnitHex: countingBytes, keyLength: 127, messageHex: '0011223344556677', hmacHex: 'ab1d38c0a1f2121a30ffbe6579e0f37d33a0d5d7' },
  { algorithm: 'SHA1', keyUnitHex: countingBytes, keyLength: 128, messageHex: '0011223344556677', hmacHex: '1fca05c0381e89a1c6d5d7cd936769233852a984' },
  { algorithm: 'SHA1', keyUnitHex: countingBytes, keyLength: 129, messageHex: '0011223344556677', hmacHex: 'dfde41d3cf84deeadb49bcc5b644a83856adf412' },
  { algorithm: 'SHA1', keyUnitHex: countingBytes, keyLength: 239, messageHex: '0011223344556677', hmacHex: '0c259d7a0749756bbd85e8fd45f5c19a0af049a3' },
  { algorithm: 'SHA1', keyUnitHex: countingBytes, keyLength: 240, messageHex: '0011223344556677', hmacHex: 'bd2cb1cfe11fe492baf2e7dd02cac6330a80f445' },
  { algorithm: 'SHA1', keyUnitHex: countingBytes, keyLength: 4096, messageHex: '0011223344556677', hmacHex: '489c6bea607e58c63443168d74be6e24eef1a5f9' },
  { algorithm: 'SHA256', keyUnitHex: 'aa', keyLength: 80, messageHex: '0011223344556677', hmacHex: 'b78cb9ce462bc1995278c0c53c80fbe65493236703a66af1b047bc0923216bc6' },
  { algorithm: 'SHA256', keyUnitHex: 'aa', keyLength: 131, messageHex: '0011223344556677', hmacHex: '2806c46e54514154566285d6de7fb07403cf84f640fbe5f4245fb2155f8eb4e9' },
  { algorithm: 'SHA256', keyUnitHex: countingBytes, keyLength: 1, messageHex: '0011223344556677', hmacHex: '2de8608690d9b34d7239024868f7c5fbee3b7224b911916f9d00965714b4a74c' },
  { algorithm: 'SHA256', keyUnitHex: countingBytes, keyLength: 63, messageHex: '0011223344556677', hmacHex: 'eacf8b514cbb1f56deecfb038ed662d5ef6d0012bf0b244ca8e0a998a467574e' },
  { algorithm: 'SHA256', keyUnitHex: countingBytes, keyLength: 64, messageHex: '0011223344556677', hmacHex: '13d17526fd9f5c7a316e03b6905325d9a066a4243eac4828caf044501757ff82' },
  { algorithm: 'SHA256', keyUnitHex: countingBytes, keyLength: 65, messageHex: '0011223344556677', hmacHex: 'cc2e54859e51c168dadd867a056b31461312c84966aa155b912c505547820831' },
  { algorithm: 'SHA256', keyUnitHex: countingBytes, keyLength: 111, messageHex: '0011223344556677', hmacHex: '5e4a26826e3d70c04dbdc49f624bade85f80c0e16bf028afe782d0db54605366' },
  { algorithm: 'SHA256', keyUnitHex: countingBytes, keyLength: 112, messageHex: '0011223344556677', hmacHex: '4ac4b53683898f52deb3ed3c11e584949c30e26a2f74f7d71fc21d3a54283741' },
  { algorithm: 'SHA256', keyUnitHex: countingBytes, keyLength: 119, messageHex: '0011223344556677', hmacHex: 'cf44d5a95df1c2f29a039ae2e286669e9e448e17f7d03eb7659be5a85c733083' },
  { algorithm: 'SHA256', keyUnitHex: countingBytes, keyLength: 120, messageHex: '0011223344556677', hmacHex: '7d7dfab9993614be9166df9e6348c5e227b721feca3b560873afc569ec69b646' },
  { algorithm: 'SHA256', keyUnitHex: countingBytes, keyLength: 127, messageHex: '0011223344556677', hmacHex: '08b82ceff1f3e6d64c5361d2606ada64eb72cc0a4a20f41995ebc6662f2e3b0e' },
  { algorithm: 'SHA256', keyUnitHex: countingBytes, keyLength: 128, messageHex: '0011223344556677', hmacHex: 'bbfb8abb60098e91874040b2792b73a86e9a3f81f94d9fa4a3810dad8a0e432e' },
  { algorithm: 'SHA256', keyUnitHex: countingBytes, keyLength: 129, messageHex: '0011223344556677', hmacHex: '549120484d3c58965fef43f0ed39d597d14a90f033eb37bbdea25b2b299b8726' },
  { algorithm: 'SHA256', keyUnitHex: countingBytes, keyLength: 239, messageHex: '0011223344556677', hmacHex: '0a2c2a9c7cae763c6144eab749a9bb09329eb67a6fa72326a59495e571c17687' },
  { algorithm: 'SHA256', keyUnitHex: countingBytes, keyLength: 240, messageHex: '0011223344556677', hmacHex: '90412c59553dcda2a82091a69728707fe578f4e89c5ff968bd5542816e5b403e' },
  { algorithm: 'SHA256', keyUnitHex: countingBytes, keyLength: 4096, messageHex: '0011223344556677', hmacHex: '42293bfe9cd59a9221440bca54b119bc6c9fe1faed37324ffbbcf50710a68387' },
  { algorithm: 'SHA512', keyUnitHex: 'aa', keyLength: 80, messageHex: '0011223344556677', hmacHex: 'fb5004facbdf61a391e6167bef229f6c82546d4e52636be317fbea95af810126ad8f7e64f39776960f992ab8d47cdb26f01a308f89d22ff00e7d85be432e8a49' },
  { algorithm: 'SHA512', keyUnitHex: 'aa', keyLength: 131, messageHex: '0011223344556677', hmacHex: 'bf818333773832c87fff679a615136cf03a70f6fd422080cd1abf52cb3610e3676895e06646c2ff8d522a296cf08198f0dfb8f771ca951910f903962eb4a0fef' },
  { algorithm: 'SHA512', keyUnitHex: countingBytes, keyLength: 1, messageHex: '0011223344556677', hmacHex: '2470381c2f8907b0ccccc7cc0160a94d0c958c4aa4a402773da02f2d330fa084e41ba5f8f158e80b2e47831dc354f0a3ef2fd8bedeabe3c817884759a7b6f273' },
  { algorithm: 'SHA512', keyUnitHex: countingBytes, keyLength: 63, messageHex: '0011223344556677', hmacHex: '9b43b28b5316f84baef1d45e061c706ac130ecc2138aee4515475eb0f03e05a6303e2b8bd90670f52ae372163bbd3cdf83575d9a4073d2449407f8c36f767f15' },
  { algorithm: 'SHA512', keyUnitHex: countingBytes, keyLength: 64, messageHex: '0011223344556677', hmacHex: '5bdee51bb511c747eadbc8ee234e852527a85fa7b76ab9ceb2f61694b7d668c040b2771ae35da9053c6955e994ef7b805abe92ae3f813ad3f592f5a6af549221' },
  { algorithm: 'SHA512', keyUnitHex: countingBytes, keyLength: 65, messageHex: '0011223344556677', hmacHex: '4633b1331a988ae1033227c9b54db4100c7d9754b4c4081e85d625a72dc0e55b3b3bbbef6c66771c66c449144344cc8765f8e81d0093b8bb79e8d7c9ebc58f6b' },
  { algorithm: 'SHA512', keyUnitHex: countingBytes, keyLength: 111, messageHex: '0011223344556677', hmacHex: 'c26dde6a477228b2597b9984b1c1febb5690a0825fc5310f27bc979d2ab08a9e9732c9cf6369bba2dcce0024dbe32cae12f1a3120178889552823cc65d5b8c29' },
  { algorithm: 'SHA512', keyUnitHex: countingBytes, keyLength: 112, messageHex: '0011223344556677', hmacHex: 'e598b5a01cb7d04480568875c79422ea0f6e95c1e31d4707280cc2c40ce09c6cf74ae70b20cd7ef6e6df6db8828324af494044f2708a4f7ebd9130b91c456ff9' },
  { algorithm: 'SHA512', keyUnitHex: countingBytes, keyLength: 119, messageHex: '0011223344556677', hmacHex: 'eee3bf0b603205987d9310c39714ccdeb2d8524ce61778e5ef328544169980975e4dc1336ba863cc8757ea91fdbb631fc75693de61589275c49e6b15367410a5' },
  { algorithm: 'SHA512', keyUnitHex: countingBytes, keyLength: 120, messageHex: '0011223344556677', hmacHex: '6f5b8a27c426f1552d95a68c4d875fa8e1fefe58f98b334dfc4f3af6d1ea0730663f9903e714826f547a93f50213846d3ea4e9533f4cead4a84a72b5fcb6f133' },
  { algorithm: 'SHA512', keyUnitHex: countingBytes, keyLength: 127, messageHex: '0011223344556677', hmacHex: '614592f294d2871a05f753ff90ccf53aa24262bfc85a1431b5fa2c507d7ef004c005a1d167a8478b693a72aa3d38fec5145c9ae9d771a7e919854e2dca8ef8a7' },
  { algorithm: 'SHA512', keyUnitHex: countingBytes, keyLength: 128, messageHex: '0011223344556677', hmacHex: '5b7bc9e667ea8d867acf2172755e9e41f3c53475384b42dfd7ed9b1da65ce4ba12e5580da3c80cb625809b50c635b3ccce7ab87624e73baaf49acf67cbbbf8e7' },
  { algorithm: 'SHA512', keyUnitHex: countingBytes, keyLength: 129, messageHex: '0011223344556677', hmacHex: 'dad2d06b3c23ea33e8b95e33bc129fb29f711fe7028d0e8498d202859cb151d4261ef4edcea5d775d48deffc92d2c65dc12e4a79aaafa12bbb9e4d292d069a8b' },
  { algorithm: 'SHA512', keyUnitHex: countingBytes, keyLength: 239, messageHex: '0011223344556677', hmacHex: 'd3f9117144b8344077d741b7024143fb19ba4d3e4ee16b38edf9e1ff1693814a984b23237870a9968039df4df953c4abb5fef2e3b1c4109e3f0035fe1ba3c9f8' },
  { algorithm: 'SHA512', keyUnitHex: countingBytes, keyLength: 240, messageHex: '0011223344556677', hmacHex: 'b060195a1f591570581763d8c5cecc8cc29bc17174f598e48593eab23eb4cbee581d3c3f911546e37313bb52d6612cff6e703fea9663d756eaa9abbe82f1ee2c' },
  { algorithm: 'SHA512', keyUnitHex: countingBytes, keyLength: 4096, messageHex: '0011223344556677', hmacHex: '382473efac91aed4ca7182d5b58deba2060be6e8885e251f3263332c94eff7886d8177cc756e4f0677f9365e8a01d4a4ba4bab3c84c8fbe567c8034700347cbe' },
];

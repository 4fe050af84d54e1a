/** The users of a new database. All share one password, so this list is for a demonstration. */
export const PASSWORD = 'correct horse battery';

export const SAMPLE_USERS = [
  { name: 'anna', organisation: 'contact-centre', about: 'an agent of the contact centre' },
  { name: 'boss', organisation: 'contact-centre', role: 'admin', about: 'its administrator' },
  { name: 'carl', organisation: 'phone', about: 'a customer of the hosted phones' },
  { name: 'dora', organisation: 'community', about: 'a member of the community' },
  { name: 'sam', organisation: 'community', role: 'admin', about: 'its support' },
].map((user) => ({ role: 'user', email: `${user.name}@example.com`, ...user }));

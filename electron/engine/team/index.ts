export { issueCode, linkChannel, personBehind, unlinkChannel, type LinkedPerson, type RandomBytes } from './link-channel.ts';
export type { ChatButton, ChatPort, ChatUpdate } from './ports.ts';
export { addPerson, countDeciders, disablePerson, listPeople, OWNER, requirePerson, type Actor, type Channel, type ChannelKind, type Person, type TeamDeps } from './people.ts';

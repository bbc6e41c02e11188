// What the person at this window may do, as the server will judge it. Nothing is offered that would be refused.

import type { ConversationRow } from './generated/ConversationRow';
import type { PersonView } from './generated/PersonView';
import type { WorkspaceSettings } from './generated/WorkspaceSettings';

/** While the settings are not known, such as before the first answer, it is offered: the server decides. */
export function mayCreateChannels(me: PersonView, settings: WorkspaceSettings | undefined): boolean {
  return me.role === 'administrator' || settings?.channel_creation !== 'administrators';
}

/** What members may do to a channel that is in use: rename it, set its topic, add and remove people. */
export function mayChangeChannel(row: ConversationRow): boolean {
  return row.kind === 'channel' && row.membership === 'member' && !row.archived;
}

/** Its owner and administrators, as members. */
export function mayArchive(row: ConversationRow, me: PersonView): boolean {
  const owns = row.created_by === me.id || me.role === 'administrator';
  return row.kind === 'channel' && row.membership === 'member' && owns;
}

/** Messages are pinned by members; nothing changes in what is archived. */
export function mayPin(row: ConversationRow): boolean {
  return row.membership === 'member' && !row.archived;
}

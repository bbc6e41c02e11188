// What the person at this window may do to a message. Nothing is offered that the server would refuse.

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { MessageView } from '#bridge/generated/MessageView.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';

export interface Rights {
  react: boolean;
  reply: boolean;
  edit: boolean;
  remove: boolean;
  pin: boolean;
}

const NONE: Rights = { react: false, reply: false, edit: false, remove: false, pin: false };

export function rightsOver(message: MessageView, row: ConversationRow, me: PersonView): Rights {
  if (row.membership !== 'member' || row.archived || message.deleted_by !== null) {
    return NONE;
  }
  const own = message.author === me.id;
  const owner = row.kind === 'channel' && row.created_by === me.id;
  return { react: true, reply: true, edit: own, remove: own || owner || me.role === 'administrator', pin: true };
}

// Everything one can do to a message, each with its key. Opened at the pointer, by the menu key, or by "More".

import {
  BookmarkMinus,
  Copy,
  CornerUpLeft,
  Link,
  Pencil,
  Pin,
  PinOff,
  SmilePlus,
  Trash2,
  type LucideIcon,
} from 'lucide-react';
import { Menu, MenuItem, Popover, Separator } from 'react-aria-components';

import type { MessageView } from '#bridge/generated/MessageView.ts';
import { text } from '#text/text.ts';
import { classes } from '#ui/classes.ts';
import { Icon } from '#ui/icon.tsx';
import { spelledKeys } from '#ui/keys/spelled.ts';
import type { KeyName } from '#ui/keys/table.ts';

import { useMessageActions, type Point } from './actions.ts';
import { Anchor, useAnchor } from './anchor.tsx';
import styles from './message-menu.module.css';

interface MessageMenuProps {
  message: MessageView;
  author: string;
  at: Point;
  onClose: () => void;
}

export function MessageMenu({ message, author, at, onClose }: MessageMenuProps) {
  const anchor = useAnchor();
  const actions = useMessageActions();
  const may = actions.rights(message);
  const stands = message.deleted_by === null;
  return (
    <>
      <Anchor at={at} ref={anchor} />
      <Popover
        triggerRef={anchor}
        isOpen
        onOpenChange={(open) => !open && onClose()}
        placement="bottom start"
        offset={2}
        className={styles['popover'] ?? ''}
        aria-label={text.timeline.menuOf(author)}
      >
        <Menu aria-label={text.timeline.menuOf(author)} className={styles['menu'] ?? ''} onClose={onClose}>
          {may.react && (
            <Item icon={SmilePlus} keys="react" onAction={() => actions.openPicker(message, at)}>
              {text.timeline.addReaction}
            </Item>
          )}
          {may.reply && (
            <Item icon={CornerUpLeft} keys="reply" onAction={() => actions.reply(message)}>
              {text.timeline.reply}
            </Item>
          )}
          {may.edit && (
            <Item icon={Pencil} keys="edit" onAction={() => actions.edit(message)}>
              {text.timeline.edit}
            </Item>
          )}
          {may.react && <Separator className={styles['separator'] ?? ''} />}
          {stands && (
            <Item icon={Copy} keys="copy" onAction={() => actions.copyText(message)}>
              {text.timeline.copyText}
            </Item>
          )}
          <Item icon={Link} onAction={() => actions.copyLink(message)}>
            {text.timeline.copyLink}
          </Item>
          {may.pin && (
            <Item icon={message.pinned ? PinOff : Pin} keys="pin" onAction={() => actions.pin(message, !message.pinned)}>
              {message.pinned ? text.timeline.unpin : text.timeline.pin}
            </Item>
          )}
          <Item icon={BookmarkMinus} keys="markUnread" onAction={() => actions.markUnread(message)}>
            {text.timeline.markUnread}
          </Item>
          {may.remove && <Separator className={styles['separator'] ?? ''} />}
          {may.remove && (
            <Item icon={Trash2} keys="remove" danger onAction={() => actions.askDelete(message)}>
              {text.timeline.remove}
            </Item>
          )}
        </Menu>
      </Popover>
    </>
  );
}

interface ItemProps {
  icon: LucideIcon;
  keys?: KeyName;
  danger?: boolean;
  onAction: () => void;
  children: string;
}

function Item({ icon, keys, danger = false, onAction, children }: ItemProps) {
  return (
    <MenuItem className={classes(styles['item'], danger && styles['danger'])} textValue={children} onAction={onAction}>
      <Icon of={icon} />
      <span>{children}</span>
      {/* Pressed in the menu it does nothing, so it is no part of the name. */}
      {keys !== undefined && (
        <kbd aria-hidden className={styles['keys']}>
          {spelledKeys(keys)}
        </kbd>
      )}
    </MenuItem>
  );
}

// Holds which dialog is open, so that opening one draws nothing else of the window again.

import { lazy, Suspense, useEffect, useImperativeHandle, useState, type Ref } from 'react';

import type { ConversationId } from '#bridge/generated/ConversationId.ts';

import type { OpenDialog } from './dialogs.tsx';

/** Not part of the first frame; fetched from the disk right after it, before anybody can ask for one. */
const loadDialogs = () => import('./dialogs.tsx');
const Dialogs = lazy(async () => ({ default: (await loadDialogs()).Dialogs }));

export interface DialogHandle {
  show: (dialog: OpenDialog | null) => void;
}

interface DialogPlaceProps {
  ref: Ref<DialogHandle>;
  onOpenConversation: (conversation: ConversationId) => void;
  /** Whether the person may make channels. */
  mayCreate: boolean;
}

export function DialogPlace({ ref, onOpenConversation, mayCreate }: DialogPlaceProps) {
  const [open, setOpen] = useState<OpenDialog | null>(null);
  useEffect(() => void loadDialogs(), []);
  useImperativeHandle(ref, () => ({ show: setOpen }), []);
  return (
    <Suspense fallback={null}>
      <Dialogs open={open} onChange={setOpen} onOpenConversation={onOpenConversation} mayCreate={mayCreate} />
    </Suspense>
  );
}

// What asks for attention: holds the focus while it is open and gives it back when it closes.

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

import { text } from '#text/text.ts';

import { Button, IconButton } from './button.tsx';
import styles from './dialog.module.css';

interface DialogProps {
  title: string;
  lead?: string | undefined;
  onClose: () => void;
  /** A question that must be answered, announced as such. */
  asks?: boolean;
  children: ReactNode;
}

export function Dialog({ title, lead, onClose, asks = false, children }: DialogProps) {
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && onClose()} className={styles['veil'] ?? ''}>
      <Modal className={styles['modal'] ?? ''}>
        <AriaDialog role={asks ? 'alertdialog' : 'dialog'} className={styles['dialog'] ?? ''}>
          <div className={styles['head']}>
            <Heading slot="title" level={2} className={styles['title'] ?? ''}>
              {title}
            </Heading>
            <IconButton icon={X} label={text.dialog.close} onPress={onClose} />
          </div>
          {lead !== undefined && <p className={styles['lead']}>{lead}</p>}
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export function DialogBody({ children }: { children: ReactNode }) {
  return <div className={styles['body']}>{children}</div>;
}

export function DialogFoot({ children }: { children: ReactNode }) {
  return <div className={styles['foot']}>{children}</div>;
}

interface QuestionProps {
  title: string;
  lead: string;
  confirm: string;
  error?: string | undefined;
  busy?: boolean;
  /** Something is taken away. */
  danger?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that one would not want to do by mistake. */
export function Question({ title, lead, confirm, error, busy = false, danger = true, onConfirm, onClose }: QuestionProps) {
  return (
    <Dialog title={title} lead={lead} onClose={onClose} asks>
      {error !== undefined && (
        <p role="alert" className={styles['lead']}>
          {error}
        </p>
      )}
      <DialogFoot>
        {/* The harmless answer has the focus. */}
        {/* eslint-disable-next-line jsx-a11y/no-autofocus */}
        <Button onPress={onClose} autoFocus>
          {text.dialog.cancel}
        </Button>
        <Button weight={danger ? 'danger' : 'primary'} onPress={onConfirm} busy={busy}>
          {confirm}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}

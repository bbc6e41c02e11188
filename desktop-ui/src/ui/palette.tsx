// A dialog that is one field and what it finds: near the upper edge, so that it stays where it is while the list changes.

import type { ReactNode } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';

import styles from './palette.module.css';

interface PaletteProps {
  label: string;
  onClose: () => void;
  children: ReactNode;
}

export function Palette({ label, onClose, children }: PaletteProps) {
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && onClose()} className={styles['veil'] ?? ''}>
      <Modal className={styles['modal'] ?? ''}>
        <Dialog aria-label={label} className={styles['dialog'] ?? ''}>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

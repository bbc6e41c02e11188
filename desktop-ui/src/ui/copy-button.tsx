// Copies a text, and says so for a moment.

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';

import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

const SAID_MS = 2000;

interface CopyButtonProps {
  text: string;
  label: string;
  done: string;
}

export function CopyButton({ text, label, done }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) {
      return;
    }
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  function copy() {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      // Without leave to write the clipboard the text can still be marked and copied by hand.
      () => undefined,
    );
  }

  return (
    <Button weight="quiet" size="compact" onPress={copy}>
      <Icon of={copied ? Check : Copy} />
      <span role="status">{copied ? done : label}</span>
    </Button>
  );
}

// Something that is on or off, with a sentence about what that means just now.

import { SwitchButton, SwitchField, Text } from 'react-aria-components';

import styles from './switch.module.css';

interface SwitchProps {
  label: string;
  hint: string;
  on: boolean;
  onChange: (on: boolean) => void;
}

export function Switch({ label, hint, on, onChange }: SwitchProps) {
  return (
    <SwitchField isSelected={on} onChange={onChange} className={styles['field'] ?? ''}>
      <SwitchButton className={styles['switch'] ?? ''}>
        <span className={styles['label']}>{label}</span>
        <span className={styles['track']} aria-hidden>
          <span className={styles['knob']} />
        </span>
      </SwitchButton>
      <Text slot="description" className={styles['hint'] ?? ''}>
        {hint}
      </Text>
    </SwitchField>
  );
}

// Something that is on or off, with a sentence about what that means just now.

import { SwitchButton, SwitchField, Text } from 'react-aria-components';

import styles from './switch.module.css';

interface SwitchProps {
  label: string;
  hint: string;
  on: boolean;
  onChange: (on: boolean) => void;
  /** Why nobody can change it here. */
  decided?: string | undefined;
}

export function Switch({ label, hint, on, onChange, decided }: SwitchProps) {
  return (
    <SwitchField isSelected={on} onChange={onChange} isDisabled={decided !== undefined} className={styles['field'] ?? ''}>
      <SwitchButton className={styles['switch'] ?? ''}>
        <span className={styles['label']}>{label}</span>
        <span className={styles['track']} aria-hidden>
          <span className={styles['knob']} />
        </span>
      </SwitchButton>
      <Text slot="description" className={styles['hint'] ?? ''}>
        {hint} {decided}
      </Text>
    </SwitchField>
  );
}

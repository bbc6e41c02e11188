// The servers that whoever looks after this device offers, and the way to another one where that is allowed.

import { useQuery } from '@tanstack/react-query';

import { useHost } from '#bridge/context.tsx';
import type { ServerChoice } from '#bridge/generated/ServerChoice.ts';
import { hostName } from '#text/network-failure.ts';
import { text } from '#text/text.ts';
import { Radios } from '#ui/radios.tsx';

/** Stands for a server that is not offered. */
export const ANOTHER = '';

const ANY_SERVER: ServerChoice = { offered: [], others: true };

/** Asked once; it does not change while the app runs. */
export function useServerChoice(): ServerChoice {
  const host = useHost();
  const { data } = useQuery({ queryKey: ['server-choice'], queryFn: () => host.serverChoice(), staleTime: Infinity });
  return data ?? ANY_SERVER;
}

/** Whether there is something to choose from; one address that is only proposed stands in the field. */
export const isList = (choice: ServerChoice) => !choice.others || choice.offered.length > 1;

interface OfferedServersProps {
  choice: ServerChoice;
  chosen: string;
  onChoose: (address: string) => void;
}

export function OfferedServers({ choice, chosen, onChoose }: OfferedServersProps) {
  const say = text.signIn.server;
  const offered = choice.offered.map((address) => ({ value: address, label: hostName(address), hint: address }));
  const another = { value: ANOTHER, label: say.other, hint: say.otherHint };
  return (
    <Radios
      label={say.choice}
      value={chosen}
      onChange={onChoose}
      options={choice.others ? [...offered, another] : offered}
    />
  );
}

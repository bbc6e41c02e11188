// Asks before an account changes, and says what that means for the person.

import { useMe } from '#bridge/context.tsx';
import type { PersonChange } from '#bridge/generated/PersonChange.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Question } from '#ui/dialog.tsx';

import { useChangePerson } from './queries.ts';

export type PersonStep = 'promote' | 'demote' | 'deactivate' | 'reactivate';

const CHANGES: Record<PersonStep, PersonChange> = {
  promote: { role: 'administrator' },
  demote: { role: 'member' },
  deactivate: { active: false },
  reactivate: { active: true },
};

interface PersonQuestionProps {
  person: PersonView;
  step: PersonStep;
  onDone: (sentence: string) => void;
  onClose: () => void;
}

export function PersonQuestion({ person, step, onDone, onClose }: PersonQuestionProps) {
  const me = useMe();
  const words = wordsOf(step, person.name, person.id === me.id);
  const change = useChangePerson(() => onDone(words.done));
  return (
    <Question
      title={words.title}
      lead={words.lead}
      confirm={words.confirm}
      danger={step === 'deactivate' || step === 'demote'}
      error={change.isError ? errorSentence(change.error) : undefined}
      busy={change.isPending}
      onConfirm={() => change.mutate({ person: person.id, change: CHANGES[step] })}
      onClose={onClose}
    />
  );
}

function wordsOf(step: PersonStep, name: string, mine: boolean) {
  const say = text.administration.people;
  switch (step) {
    case 'promote':
      return {
        title: say.promoteTitle(name),
        lead: say.promoteLead(name),
        confirm: say.promoteConfirm,
        done: say.promoted(name),
      };
    case 'demote':
      return {
        title: say.demoteTitle(name),
        lead: mine ? say.demoteSelf : say.demoteLead(name),
        confirm: say.demoteConfirm,
        done: say.demoted(name),
      };
    case 'deactivate':
      return {
        title: say.deactivateTitle(name),
        lead: mine ? say.deactivateSelf : say.deactivateLead(name),
        confirm: say.deactivateConfirm,
        done: say.wasDeactivated(name),
      };
    case 'reactivate':
      return {
        title: say.reactivateTitle(name),
        lead: say.reactivateLead(name),
        confirm: say.reactivateConfirm,
        done: say.wasReactivated(name),
      };
  }
}

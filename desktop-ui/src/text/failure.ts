// A sentence for each reason why something could not be done: what happened, then what to do.

import type { Failure } from '#bridge/generated/Failure.ts';
import { failureOf } from '#bridge/host.ts';

import { certificateSentence, hostName, proxySentence } from './network-failure.ts';
import { text } from './text.ts';

type Refused = Extract<Failure, { reason: 'refused' }>;

/** The sentence for whatever a host method rejected with. */
export function errorSentence(error: unknown): string {
  const failure = failureOf(error);
  return failure === null ? text.failure.unexpected : failureSentence(failure);
}

export function failureSentence(failure: Failure): string {
  switch (failure.reason) {
    case 'invalid_address':
      return text.failure.invalidAddress;
    case 'server_not_allowed':
      return text.failure.serverNotAllowed(hostName(failure.address));
    case 'unreachable':
      return failure.address === '' ? text.failure.serverAway : text.failure.unreachable(hostName(failure.address));
    case 'certificate_not_trusted':
      return certificateSentence(failure.address, failure.certificate);
    case 'proxy':
      return proxySentence(failure);
    case 'not_loquat':
      return text.failure.notLoquat(hostName(failure.address));
    case 'signed_out':
      return text.failure.signedOut;
    case 'storage':
      return text.failure.storage;
    case 'refused':
      return refusedSentence(failure);
  }
}

/** Why a message was not sent. The way to try again stands beside it and need not be said. */
export function sendProblem(failure: Failure): string {
  const isServerFault = failure.reason === 'refused' && failure.code === 'internal';
  return isServerFault ? text.failure.serverFault : failureSentence(failure);
}

/** Why a page of a signed-in person cannot be shown: its address was right before, so only the network is amiss. */
export function pageProblem(error: unknown): string {
  return failureOf(error)?.reason === 'unreachable' ? text.settings.notLoaded : errorSentence(error);
}

/** The sentence of `failureSentence` where a code was asked for, which is limited for reasons of its own. */
export function codeRequestSentence(error: unknown): string {
  const failure = failureOf(error);
  if (failure?.reason === 'refused' && failure.code === 'rate_limited') {
    return `${text.failure.tooManyCodes} ${tryAgain(failure.retry_after_s)}`;
  }
  return errorSentence(error);
}

function refusedSentence(refused: Refused): string {
  switch (refused.code) {
    case 'code_wrong':
      return refused.tries_left === null
        ? text.failure.codeWrong
        : `${text.failure.codeWrong} ${text.failure.triesLeft(refused.tries_left)}`;
    case 'code_expired':
      return text.failure.codeExpired;
    case 'code_used_up':
      return text.failure.codeUsedUp;
    case 'rate_limited':
      return `${text.failure.tooMany} ${tryAgain(refused.retry_after_s)}`;
    case 'invalid_email':
      return text.failure.invalidEmail;
    case 'domain_not_allowed':
      return text.failure.domainNotAllowed;
    case 'deactivated':
      return text.failure.deactivated;
    case 'invalid_name':
      return text.failure.invalidName;
    case 'name_taken':
      return text.failure.nameTaken;
    case 'unknown_person':
      return text.failure.unknownPerson;
    case 'members_fixed':
      return text.failure.membersFixed;
    case 'too_many_members':
      return text.failure.tooManyMembers;
    case 'body_empty':
      return text.failure.bodyEmpty;
    case 'body_too_long':
    case 'too_large':
      return text.failure.bodyTooLong;
    case 'forbidden':
      return text.failure.forbidden;
    case 'not_found':
      return text.failure.notFound;
    case 'unauthenticated':
    case 'token_expired':
    case 'session_ended':
    case 'session_revoked':
      return text.failure.signedOut;
    case 'last_administrator':
      return text.failure.lastAdministrator;
    case 'invitation_invalid':
      return text.failure.invitationInvalid;
    case 'already_a_member':
      return text.failure.alreadyAMember;
    case 'invalid_domain':
      return text.failure.invalidDomain;
    case 'invalid_picture':
      return text.failure.invalidPicture;
    case 'archived':
      return text.failure.archived;
    case 'message_deleted':
      return text.failure.messageDeleted;
    case 'invalid_emoji':
      return text.failure.invalidEmoji;
    case 'too_many_reactions':
      return text.failure.tooManyReactions;
    case 'storage_full':
      return text.failure.storageFull;
    case 'unavailable':
      return text.failure.unavailable;
    case 'internal':
      return text.failure.internal;
    case 'malformed':
    case 'unknown_type':
    case 'hello_first':
    case 'method_not_allowed':
    case 'client_id_reused':
    case 'out_of_order':
      return text.failure.versionMismatch;
  }
}

function tryAgain(seconds: number | null): string {
  return seconds === null ? text.failure.tryLater : text.failure.tryIn(waitText(seconds));
}

/** A wait in the largest unit that fits, rounded up, so that it is never too short. */
export function waitText(seconds: number): string {
  if (seconds < 60) {
    return text.wait.seconds(Math.max(1, Math.ceil(seconds)));
  }
  return seconds < 3600 ? text.wait.minutes(Math.ceil(seconds / 60)) : text.wait.hours(Math.ceil(seconds / 3600));
}

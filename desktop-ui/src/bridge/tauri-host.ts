// The only file that knows Tauri: each method is one command, changes arrive as the event `change`.

import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';

import type { Change } from './generated/Change';
import type { Failure } from './generated/Failure';
import { HostError, type Host } from './host.ts';

/** Calls a command; a refusal arrives as a plain `Failure` and leaves as a `HostError`. */
async function call<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (refusal) {
    if (isFailure(refusal)) {
      throw new HostError(refusal);
    }
    throw refusal instanceof Error ? refusal : new Error(String(refusal));
  }
}

function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'reason' in value;
}

export const tauriHost: Host = {
  listen: (listener) => listen<Change>('change', (event) => listener(event.payload)),
  session: () => call('session'),
  connection: () => call('connection'),
  checkServer: (address) => call('check_server', { address }),
  requestCode: (server, email) => call('request_code', { server, email }),
  signIn: (code) => call('sign_in', { code }),
  signOut: () => call('sign_out'),
  conversations: () => call('conversations'),
  people: () => call('people'),
  openConversation: (conversation) => call('open_conversation', { conversation }),
  earlier: (conversation, before) => call('earlier', { conversation, before }),
  sendMessage: (conversation, body) => call('send_message', { conversation, body }),
  retryMessage: (clientId) => call('retry_message', { clientId }),
  discardMessage: (clientId) => call('discard_message', { clientId }),
  saveDraft: (conversation, text) => call('save_draft', { conversation, text }),
  markRead: (conversation, ordinal) => call('mark_read', { conversation, ordinal }),
  findPeople: (query) => call('find_people', { query }),
  findChannels: (query) => call('find_channels', { query }),
  startConversation: (people) => call('start_conversation', { with: people }),
  createChannel: (name, visibility) => call('create_channel', { name, visibility }),
  joinChannel: (conversation) => call('join_channel', { conversation }),
  leaveChannel: (conversation) => call('leave_channel', { conversation }),
  renameChannel: (conversation, name) => call('rename_channel', { conversation, name }),
  addMember: (conversation, person) => call('add_member', { conversation, person }),
  removeMember: (conversation, person) => call('remove_member', { conversation, person }),
  channelMembers: (conversation) => call('channel_members', { conversation }),
  updateProfile: (change) => call('update_profile', { change }),
  reconnectNow: () => call('reconnect_now'),
  openLink: (url) => call('open_link', { url }),
};

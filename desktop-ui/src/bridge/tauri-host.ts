// The only file that knows Tauri: each method is one command, which the window passes on to the resident app as it is;
// changes arrive as the event `change`.

import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';

import type { Failure } from './generated/Failure';
import { HostError, type Host, type HostChange } from './host.ts';

/** Calls a command; a refusal arrives as a plain `Failure` and leaves as a `HostError`. */
async function call<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  try {
    return await invoke<T>('ask', { command, arguments: args });
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
  listen: (listener) => listen<HostChange>('change', (event) => listener(event.payload)),
  session: () => call('session'),
  connection: () => call('connection'),
  serverChoice: () => call('server_choice'),
  checkServer: (address) => call('check_server', { address }),
  requestCode: (server, email) => call('request_code', { server, email }),
  signIn: (code) => call('sign_in', { code }),
  readInvitation: (link) => call('read_invitation', { link }),
  acceptInvitation: (link) => call('accept_invitation', { link }),
  signOut: () => call('sign_out'),
  conversations: () => call('conversations'),
  people: () => call('people'),
  openConversation: (conversation) => call('open_conversation', { conversation }),
  earlier: (conversation, before) => call('earlier', { conversation, before }),
  later: (conversation, after) => call('later', { conversation, after }),
  around: (conversation, seq) => call('around', { conversation, seq }),
  search: (request) => call('search', { request }),
  mentions: (before) => call('mentions', { before }),
  mentionable: (conversation, query) => call('mentionable', { conversation, query }),
  setLevel: (conversation, level) => call('set_level', { conversation, level }),
  sendMessage: (conversation, body, replyTo) => call('send_message', { conversation, body, replyTo }),
  actOnMessage: (conversation, seq, act) => call('act_on_message', { conversation, seq, act }),
  messageVersions: (conversation, seq) => call('message_versions', { conversation, seq }),
  pinnedMessages: (conversation) => call('pinned_messages', { conversation }),
  messageLink: (conversation, seq) => call('message_link', { conversation, seq }),
  retryMessage: (clientId) => call('retry_message', { clientId }),
  discardMessage: (clientId) => call('discard_message', { clientId }),
  saveDraft: (conversation, text) => call('save_draft', { conversation, text }),
  markRead: (conversation, ordinal) => call('mark_read', { conversation, ordinal }),
  markUnread: (conversation, ordinal) => call('mark_unread', { conversation, ordinal }),
  typing: (conversation) => call('typing', { conversation }),
  watch: (conversations, people) => call('watch', { conversations, people }),
  setActivity: (activity) => call('set_activity', { activity }),
  presence: () => call('presence'),
  findPeople: (query) => call('find_people', { query }),
  findChannels: (query) => call('find_channels', { query }),
  startConversation: (people) => call('start_conversation', { with: people }),
  createChannel: (name, visibility) => call('create_channel', { name, visibility }),
  joinChannel: (conversation) => call('join_channel', { conversation }),
  leaveChannel: (conversation) => call('leave_channel', { conversation }),
  renameChannel: (conversation, name) => call('rename_channel', { conversation, name }),
  setTopic: (conversation, topic) => call('set_topic', { conversation, topic }),
  setArchived: (conversation, on) => call('set_archived', { conversation, on }),
  addMember: (conversation, person) => call('add_member', { conversation, person }),
  removeMember: (conversation, person) => call('remove_member', { conversation, person }),
  channelMembers: (conversation) => call('channel_members', { conversation }),
  updateProfile: (change) => call('update_profile', { change }),
  picture: (person, picture) => call('picture', { person, picture }),
  setPicture: (data) => call('set_picture', { data }),
  removePicture: () => call('remove_picture'),
  sessions: () => call('sessions'),
  endSession: (session) => call('end_session', { session }),
  endOtherSessions: () => call('end_other_sessions'),
  workspaceSettings: () => call('workspace_settings'),
  changeSettings: (change) => call('change_settings', { change }),
  everyone: (query) => call('everyone', { query }),
  changePerson: (person, change) => call('change_person', { person, change }),
  invitations: () => call('invitations'),
  invite: (email, role) => call('invite', { email, role }),
  withdrawInvitation: (invitation) => call('withdraw_invitation', { invitation }),
  auditLog: (query) => call('audit_log', { query }),
  exportAuditLog: (query) => call('export_audit_log', { query }),
  preferences: () => call('preferences'),
  setPreferences: (preferences) => call('set_preferences', { preferences }),
  speak: (words) => call('speak', { words }),
  testNotification: () => call('test_notification'),
  organisation: () => call('organisation'),
  autostart: () => call('autostart'),
  setAutostart: (on) => call('set_autostart', { on }),
  notificationJournal: () => call('notification_journal'),
  updates: () => call('updates'),
  lookForUpdates: () => call('look_for_updates'),
  setUpdateChannel: (channel) => call('set_update_channel', { channel }),
  installUpdate: () => call('install_update'),
  network: () => call('network'),
  setNetwork: (choice) => call('set_network', { choice }),
  setProxyLogin: (login) => call('set_proxy_login', { login }),
  testConnection: (server) => call('test_connection', { server }),
  support: () => call('support'),
  setLogLevel: (level) => call('set_log_level', { level }),
  forgetCrash: () => call('forget_crash'),
  saveDiagnostics: () => call('save_diagnostics'),
  version: () => call('version'),
  reconnectNow: () => call('reconnect_now'),
  listenForLinks: async (open) => {
    const take = async () => {
      const link: string | null = await call('take_link');
      if (link !== null) {
        open(link);
      }
    };
    const stop = await listen('link', () => void take().catch(() => undefined));
    await take();
    return stop;
  },
  hideWindow: () => call('hide_window'),
  quit: () => call('quit'),
  openLink: (url) => call('open_link', { url }),
};

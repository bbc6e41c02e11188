// What an organisation decided for a device, and the words for whoever cannot change it.

import type { organisation as English } from '#text/en/organisation.ts';

export const organisation: typeof English = {
  title: 'Organisation',
  lead: 'Was deine Organisation für dieses Gerät festgelegt hat. Wende dich an die Betreuung des Geräts, wenn etwas anders sein soll.',
  set: 'Von deiner Organisation festgelegt.',
  list: 'Für dieses Gerät festgelegt',
  fixed: 'Von deiner Organisation festgelegt',
  initial: 'Von deiner Organisation vorgegeben, bis du selbst wählst',
  from: (place: string) => `Aus ${place}`,
  nothing: 'Deine Organisation hat für dieses Gerät nichts festgelegt.',
  yes: 'Ja',
  no: 'Nein',
  copy: 'Kopieren',
  copied: 'Kopiert',
  ignored: 'Nicht beachtet',
  ignoredLead: 'Diese Vorgaben lassen sich nicht verwenden. Zeige sie der Betreuung dieses Geräts.',
  names: {
    server_addresses: 'Serveradressen',
    allow_other_servers: 'Andere Server sind erlaubt',
    proxy_mode: 'Proxy',
    proxy_url: 'Adresse des Proxys',
    proxy_bypass: 'Ohne den Proxy erreichbar',
    extra_ca_file: 'Datei mit weiteren Zertifizierungsstellen',
    update_channel: 'Updates',
    update_url: 'Update-Server',
    cache_limit_days: 'Tage Verlauf auf diesem Gerät',
    cache_limit_mib: 'Größter Verlauf auf diesem Gerät, in MiB',
    auto_start: 'Start beim Anmelden',
    close_to_tray: 'Läuft weiter, wenn das Fenster geschlossen wird',
    unload_hidden_window_minutes: 'Minuten, bis ein verborgenes Fenster entladen wird',
    notification_level: 'Benachrichtigen über',
    notification_sound: 'Ton',
    notification_content_on_locked_screen: 'Nachrichten auf dem Sperrbildschirm',
    do_not_disturb_hours: 'Ruhezeiten',
    log_level: 'Protokoll',
    allow_diagnostics: 'Ein Bericht für den Support darf gespeichert werden',
  },
  unknownKey: (place: string, key: string) => `${place}: „${key}“ ist keine Einstellung dieser Version.`,
  meant: (key: string) => `Ist „${key}“ gemeint?`,
  wrongValue: (place: string, key: string, value: string, expected: string) =>
    `${place}: „${key}“ ist ${value}, erwartet wird: ${expected}.`,
  incomplete: (place: string, key: string, value: string, needed: string) =>
    `${place}: „${key}“ ist ${value} und braucht außerdem ${needed}.`,
  notTrusted: (place: string, why: string) => `${place} wird nicht verwendet: ${why}.`,
  unreadable: (place: string, why: string) => `${place} kann nicht gelesen werden: ${why}.`,
};

/** A test: its file, from the root of the repository, and the first words of its title. */
export type Shown = { file: string; title: string }

/** What stands behind a sentence: the tests that show it, or that it says nothing that could be shown. */
export type Proof = readonly Shown[] | { says: 'definition' }

const tests =
  (file: string) =>
  (...titles: string[]): Shown[] =>
    titles.map((title) => ({ file, title }))
const own = (file: string) => tests(`apps/discord-gateway/test/${file}`)

const definition = { says: 'definition' } as const

const anyEndpoint = own('any-endpoint.test.ts')
const answeredAgain = own('answered-again.test.ts')
const backfill = own('backfill.test.ts')
const botSays = own('bot-says.test.ts')
const botSaysOnProcess = own('bot-says.integration.ts')
const commandMessage = own('command-message.test.ts')
const commands = own('commands.test.ts')
const commandsOnProcess = own('commands.integration.ts')
const docs = own('protocol-docs.test.ts')
const figures = own('figures.test.ts')
const gateway = own('gateway.integration.ts')
const holes = own('holes.integration.ts')
const hostile = own('hostile-frames.test.ts')
const limits = own('limits.test.ts')
const linkCommands = own('link-commands.test.ts')
const linkEvents = own('link-events.test.ts')
const linkTokens = own('link-tokens.test.ts')
const once = own('once.test.ts')
const outcomes = own('outcomes.test.ts')
const queues = own('queues.test.ts')
const races = own('races.test.ts')
const restHandler = own('rest-handler.test.ts')
const scopes = own('scopes.test.ts')
const server = own('ws-server.test.ts')
const survival = own('survival.integration.ts')
const tokenFile = own('link-tokens.integration.ts')
const tokens = own('tokens.test.ts')
const upgrade = own('upgrade.test.ts')
const uploadEndpoint = own('uploads/upload-endpoint.test.ts')
const uploadRequest = own('uploads/upload-request.test.ts')
const uploads = own('uploads/upload-store.test.ts')
const files = own('uploads/files.test.ts')
const filesOnProcess = own('uploads/uploads.integration.ts')
const client = tests('packages/discord-integration/test/clients/gateway-service-client.test.ts')
const cursor = tests('packages/discord-integration/test/clients/link/cursor.test.ts')
const protocol = tests('packages/discord-integration/test/protocol.test.ts')
const guildSnapshot = own('get-guild-snapshot.test.ts')
const guildState = tests('packages/event-feed/test/guild-state.test.ts')
const shards = tests('packages/discord-integration/test/shard-of.test.ts')
const feedPublish = tests('packages/event-feed/test/feed-publish.test.ts')
const feedResume = tests('packages/event-feed/test/feed-resume.test.ts')
const feedSnapshot = tests('packages/event-feed/test/feed-snapshot.test.ts')
const sqliteLog = tests('packages/event-feed/test/sqlite-log.test.ts')
const mirror = tests('apps/web/test/server/gateway-mirror.test.ts')

/**
 * Every sentence of docs/PROTOCOL.md, by its heading and its first words, and what shows it. protocol-sentences.test.ts
 * holds the two together. A row of a table begins with its first cell, as text.
 */
export const sentences: Readonly<Record<string, Readonly<Record<string, Proof>>>> = {
  'The link: Gateway Service Protocol': {
    'The Gateway Service holds': definition,
    'A **backend** hangs on it': definition,
    'Messages are JSON texts': [
      ...own('frame.test.ts')('what is framed arrives'),
      ...protocol('each guard takes its own type'),
    ],
    'Their schemas are': docs('has the tables that the code has', 'shows no message that the schema'),
    '[asyncapi.json](asyncapi.json) has': own('asyncapi.test.ts')(
      'is what the schemas say',
      'is a document of AsyncAPI 3.0.0',
    ),
    '`apps/discord-gateway/test/protocol-sentences.ts`': own('protocol-sentences.test.ts')('every sentence of'),
    'Of its two versions': [...linkEvents('version 1 sees the four'), ...protocol('the union is the seed’s four')],
    'It is what a client gets': linkEvents('version 1 sees the four'),
    '**Version 2** is asked for': linkEvents('version 2 is told where it stands'),
  },

  'The upgrade': {
    '`GET /` with an upgrade': server('is a GET', '%s is refused by plain HTTP'),
    'It carries everything': [...client('carries everything'), ...upgrade('takes the whole subscription')],
    '`Authorization: Bearer <token>`': server('any of several tokens', '%s is refused by plain HTTP'),
    '`Last-Event-ID: <id>`': linkEvents('a returning backend gets exactly'),
    'Without it the backend is new': linkEvents('version 2 is told where it stands'),
    '`Sec-WebSocket-Protocol`': linkEvents('version 1 sees the four', 'version 2 is told where it stands'),
    'Other names are passed over': server('names of subprotocols', '%s is refused by plain HTTP'),
    '`?guilds=': linkEvents('filters by guild and by event'),
    'Default: all guilds': scopes('that names nothing', 'sees of any log'),
    '`?events=': linkEvents('filters by guild and by event'),
    'A snapshot’s `GUILD_CREATE`s': linkEvents('filters by guild and by event'),
    'Default: all of the token’s': scopes('that names nothing', 'sees of any log'),
    '`?snapshot=0`': linkEvents('filters by guild and by event'),
    '`?backlog=': [
      ...upgrade('%s is a bad request that names'),
      ...linkEvents('a backlog comes between'),
      ...feedSnapshot('with a backlog gets first'),
    ],
    'What it resumes its consumers from': mirror('resumes browsers that are older'),
    'A wider filter than before': linkEvents('what a filter passed over'),
    'A refusal is an HTTP answer': server('%s is refused by plain HTTP', 'a request without an upgrade'),
    'The token is looked at': upgrade('tells a stranger nothing'),
    'An id that this log never wrote': linkEvents('an id of no log is foreign'),
    'An id of more than 64': upgrade('refuses a subprotocol that it does not speak, and an id'),
    'The same port answers': [
      ...gateway('serves its pages without', 'is alive and not ready'),
      ...own('readiness.test.ts')('has none when every shard', 'names each shard that has no session'),
    ],
  },

  Tokens: {
    'A token is what': definition,
    '`LINK_TOKEN` has one': [...own('config.test.ts')('takes several link tokens'), ...tokens('knows each token, and')],
    'They are all one': [...tokens('takes those of LINK_TOKEN'), ...tokenFile('are one backend’s, who changes')],
    '`LINK_TOKENS_FILE` names': tokens('is a list, has no token twice'),
    '`name`': [...tokens('names the file and %s', 'takes a name of 64'), ...tokenFile('sees its servers and acts')],
    'Tokens of one name': [...tokens('takes tokens of one name'), ...races('the command is finished, and who asks')],
    '`hash`': tokens('is kept as its SHA-256', 'names the file and %s'),
    'The token itself': tests('scripts/lib/token-command.test.ts')('writes the entry beside those'),
    '`guilds`': [...tokens('says how far each reaches'), ...scopes('sees of any log')],
    '`events`': [...tokens('says how far each reaches'), ...scopes('sees of any log')],
    '`commands`': [...tokens('may name every command'), ...scopes('%s: of the scopes’ guild')],
    '`connections`': [...tokenFile('bound how many connections'), ...linkTokens('are bounded, each token’s by itself')],
    '`expires`': tokens('is valid until then', 'names the file and %s'),
    '`npm run token` makes': tests('scripts/lib/token-command.test.ts')('prints a token that its entry lets in'),
    'All are compared': own('constant-time.mocked.ts')('a link token is compared with every one'),
    'A file that is not': tokenFile('keep the process from starting'),
    'At SIGHUP it is read': tokenFile('change while the gateway runs', 'stay as they were when'),
    '**Scopes** hold': scopes('sees of any log'),
    'An upgrade that names': [...linkTokens('a scope is refused before'), ...scopes('beyond its scopes is FORBIDDEN')],
    'One that names none': scopes('that names nothing', 'sees of any log'),
    'Events without a guild': scopes('gets what it names, and events without', 'sees of any log'),
    'What the gateway tells beside': linkTokens('goes to those only whose token'),
    'Of a snapshot come': [...scopes('sees of any log'), ...guildState('says a GUILD_CREATE again')],
    'A `gap` of a guild': scopes('sees of any log'),
    'One of a shard': feedPublish('comes in its place to the consumers', 'is a gap of its guild'),
    '`GUILD_MEMBERS_CHUNK`': linkTokens('reach the connection that asked', 'come only where the scopes’ events'),
    '`get_guild_snapshot` says': guildSnapshot('is for those alone'),
    'A command has to be named': scopes('%s: of the scopes’ guild'),
    'Of a channel that the gateway does not know': [
      ...scopes('for a channel that only Discord knows'),
      ...tokenFile('a token of one server has the threads', 'a token of one server has its webhooks'),
    ],
    'A channel that is deleted': [
      ...guildState('knows channels and threads for as long'),
      ...scopes('%s: of the scopes’ guild'),
    ],
    '`FORBIDDEN` then': [...scopes('%s: of the scopes’ guild'), ...tokenFile('sees its servers and acts')],
    'A `requestId` that was taken': answeredAgain(
      'is told that it was done',
      'is told how it was refused',
      'and is under way',
    ),
    'What is told by a secret': scopes('%s: of the scopes’ guild'),
    'It stands in no log': [
      ...commandsOnProcess('a secret that Discord gave'),
      ...outcomes('is kept without what gives leave'),
      ...anyEndpoint('is in no refusal'),
    ],
    '`discord_api` is in no wildcard': scopes('discord_api is in no wildcard', 'list_commands lists those'),
    '**Changes.** Two tokens': [
      ...linkTokens('is the next of a backend'),
      ...races('the command is finished, and who asks'),
    ],
    'The connections of a token': linkTokens(
      'closes its connections at once',
      'is sent nothing more',
      'also when its time',
    ),
    'Where a token’s scopes': linkTokens('closes its connections, which come back'),
    'In both cases a command': [
      ...answeredAgain('is not done once its token is revoked', 'is done for who asks again meanwhile'),
      ...commands('what may have been done when its token'),
      ...commands('what waits for a rate limit is not done once'),
      ...tokenFile('that is revoked has nothing done'),
    ],
    'The answer to who comes back': tokenFile('begins anew when it reaches'),
    'Where its `connections`': linkTokens('above a bound that was lowered'),
  },

  '`event`': {
    'One dispatch': definition,
    '`payload` is Discord’s `d`': gateway('passes an event to a backend'),
    'It is never altered': linkEvents('the payload arrives byte for byte'),
    '`event` may be': [...linkEvents('the payload arrives'), ...own('malformed.test.ts')('is stored byte for byte')],
    '`ts` is when': [
      ...linkEvents('the time of an event'),
      ...own('sessions.test.ts')('stores the payload’s text and the sequence'),
    ],
    '`id` is the event’s place': [...linkEvents('version 2 is told where'), ...protocol('what is formatted is parsed')],
    'It is absent where': linkEvents('version 2 is told where it stands'),
    '`data.backfilled: true`': [
      ...linkEvents('`backfilled` is said'),
      ...holes('restores the messages'),
      ...backfill('appends what is missing once'),
    ],
  },

  '`sync` (version 2)': {
    'How the backend stands': definition,
    'What is sent of the log': linkEvents('version 2 is told where it stands', 'a returning backend gets exactly'),
    'It comes once Discord': gateway('lets a backend that comes before'),
    'A token of some guilds is answered': scopes('for a channel that is not known while'),
    '`resumed`: what follows': [
      ...linkEvents('a returning backend gets exactly'),
      ...tests('packages/event-feed/test/feed-model.test.ts')('loses nothing, tells nothing twice'),
    ],
    '`snapshot`: a `GUILD_CREATE`': linkEvents('version 2 is told where it stands'),
    'Before them comes': survival('tells a new backend of a guild that has been down'),
    'A guild that you have': holes('between two sessions is told of'),
    'One that would be larger': feedSnapshot('is told of a guild that grew too large'),
    'With `backlog`': [...linkEvents('a backlog comes between'), ...scopes('sees of any log')],
    '`live`: you have caught up': linkEvents('version 2 is told where it stands'),
    'It is said again': [
      ...feedResume('moves on every interval'),
      ...docs('says %s, as the code has it'),
      ...gateway('tells a backend before the end where'),
    ],
    '`gap`: something is missing': holes('between two sessions is told of'),
    'It stands in its place': holes('between two sessions is told of', 'says in its place that Discord left out'),
    '`shard` is': [...shards('is Discord’s formula'), ...feedPublish('comes in its place to the consumers')],
    'Without it, it may concern': feedPublish('comes in its place to the consumers'),
    'Where a session was lost': holes('restores the messages'),
    'When that is done': backfill('says in a gap of its own'),
    'Browsers are not told': mirror('tells a guild what could not be restored'),
    'Of a hole within a session': holes('reads nothing back'),
    'With `too_large`': [...holes('passes over an event that is too large'), ...feedPublish('is a gap of its guild')],
    '**Commit an id only once': [
      ...cursor('commits no id of a snapshot before'),
      ...client('in the middle of a snapshot'),
      ...feedSnapshot('commits no id before it is whole'),
    ],
    'Version 1 is sent no': linkEvents('version 1 sees the four', 'version 1 that returns'),
  },

  '`ack`': { 'The command was done': commandsOnProcess('is done, and its result is') },

  '`error`': {
    'The command was not done': [
      ...commandsOnProcess('is refused with %s'),
      ...commands('after %s it is not known'),
      ...once('after an exception that is no answer'),
      ...linkCommands('%s is answered, and the connection'),
    ],
    '`code` is a name': [
      ...commands('Discord’s %i/%i is an error'),
      ...own('discord-code.test.ts')('%s loses no letter'),
      ...hostile('of anything has one answer'),
    ],
    'No name is in both': [
      ...own('discord-code.test.ts')('is never one of ours'),
      ...commands('a 401 (%i %s) is answered', 'what Discord refused for the bot’s token'),
    ],
    'Then `discordCode`': commands('Discord’s %i/%i is an error'),
    '`issues` says': [...commandMessage('%j names what is wrong'), ...commands('%j names the field')],
    'So does a form': restHandler('is told by the fields of', 'is told by ten of them'),
    '`retryAfter` is': commands('a rate limit beyond the deadline'),
    '`requestId` is there': [
      ...commandMessage('answers with the request’s id'),
      ...hostile('of anything has one answer'),
    ],
  },

  '`command`': {
    'Nothing else is understood': linkCommands('%s is answered, and the connection'),
    'A command is answered': [
      ...linkCommands('are answered as they are done'),
      ...commands('after %s it is not known'),
      ...docs('says %s, as the code has it'),
    ],
    '`requestId` is 1 to 128': commandMessage(
      'reads a command',
      'answers with the request’s id',
      '%j names what is wrong',
    ),
    '`actor`, in version 2': [
      ...linkCommands('are run for whom they are said'),
      ...commandMessage('reads for whom it is', '%j names what is wrong'),
    ],
    'It stands in the gateway': [
      ...own('audit.test.ts')('says for whom the backend did it'),
      ...own('rest-handler.test.ts')('stands in the audit log', 'leaves out the end'),
    ],
    'It decides nothing': definition,
    '[COMMANDS.md](COMMANDS.md) says of each': [
      ...own('commands-document.test.ts')('is what the table says'),
      ...own('rest-handler.test.ts')('%s: says which guild by a field'),
    ],
    'Unknown fields of a payload': commands('%j names the field'),
    'The payload is always there': commandMessage('says of a command without a payload'),
    '**Once.** The same': [
      ...races('who asks again with the same id', 'the second waits for the first'),
      ...commands('a request of the other version'),
      ...commandsOnProcess('what was answered is answered again', 'a backend that was killed'),
    ],
    'That a command is begun': outcomes('is written down after'),
    'That is kept for': [
      ...outcomes('is kept in version %i'),
      ...tests('packages/event-feed/test/expiring.test.ts')('of too many, one who keeps a crowd'),
      ...docs('says %s, as the code has it'),
    ],
    'Two things are not kept': [...once('tries again what says that nothing'), ...commands('is simply read again')],
    'Of one whose outcome': [
      ...commands('what is not known is put to Discord again'),
      ...commandsOnProcess('what was begun and Discord has not', 'what Discord has done and not answered'),
    ],
    'What is as once': [
      ...commandsOnProcess('a deletion that Discord has done'),
      ...outcomes('what twice is as once is done again', 'what nobody knows is done no more over'),
      ...botSaysOnProcess('%s, which Discord has done'),
      ...once('tries again for as long as', 'tries again while nothing else', 'tries no more what would undo a later'),
    ],
    'A `send_message` is put': outcomes(
      'is put to Discord again for two',
      'is then looked up',
      'are found by their nonce',
    ),
    'Else it stays': outcomes('stays unknown where the log has none'),
    'In version 2 an id': commands('in version 1 the same requestId'),
    '**Limits.** A backend’s commands of one': [
      ...commands('are done in the order'),
      ...queues(
        'what is of one channel is done in order',
        'what cannot be done in time',
        'whatever comes, each is run',
      ),
    ],
    'Backends take turns': [
      ...queues('backends take turns in one', 'is shared in turn'),
      ...tokenFile('is not held up by another’s'),
    ],
    'There is room for 64': queues('one backend that fills one', 'of hundreds of backends that'),
    'What finds none is': queues('one backend that fills one'),
    'What cannot be done within': [
      ...commands('a rate limit beyond the deadline', 'what waited behind another'),
      ...commands('all is given up a second before', 'with too little time left'),
      ...queues('what cannot be done in time', 'what others are let go', 'what it leaves no room for'),
    ],
    'After 500 refusals': limits('opens long before', 'counts what Discord counts', 'keeps what would be refused'),
    'One backend may be refused': [
      ...limits('one backend that is refused', 'knows whose a call'),
      ...own('rest-handler.test.ts')('%s says whose'),
    ],
    'After three 401': limits(
      'a token that Discord does not know',
      'one request alone asks',
      'of all that waits only',
      'of hundreds at once',
    ),
    'What the bot says': [
      ...limits('what is beyond a backend’s share', 'each shard’s has a minute', 'one that says much'),
      ...limits('of sixty that are connected', 'nothing is kept for those', 'alone it has all'),
      ...tokenFile('shares the bot’s socket', 'has something of the bot’s socket'),
      ...botSaysOnProcess('each shard’s socket'),
    ],
    'Discord does not answer there': [
      ...commandsOnProcess('is done, and its result is'),
      ...limits('what Discord does not show in time'),
      ...botSays('is done only when the bot’s own', 'is answered when the last chunk'),
    ],
    'No dispatch shows': [
      ...botSays('is said on every shard, and', 'is said on a shard without', 'is known after a restart'),
      ...commandsOnProcess('how the bot is shown stays so'),
    ],
    'Where one shard has no room': botSays('is said on no shard'),
    'What by all that is known': [
      ...botSays('is refused with %s (%i) where', 'is refused where it is known'),
      ...commandsOnProcess('is refused with %s'),
    ],
    'A message is sent to Discord': commands(
      'asks Discord for the message',
      'one requestId is one',
      'is another message for',
    ),
    'For that reason': commands('a 5xx is tried once more', 'after %s it is not known'),
    'Whoever wants to know': commandsOnProcess('what was begun and Discord has not', 'what Discord has done and not'),
    '**What is known.**': guildSnapshot('is what a snapshot’s', 'leaves out presences'),
    'Events that are still': definition,
    'A server that Discord has not': guildSnapshot('of a server that %s'),
    '**Interactions.** Discord takes': [
      ...restHandler('is answered within its three seconds', 'goes past what waits for the global limit'),
      ...tokenFile('has an interaction answered before'),
    ],
    'One that was answered already': [
      ...restHandler('is done where the try before'),
      ...commandsOnProcess('is refused with %s'),
    ],
    '`application_id` is the bot’s own': restHandler('is the bot’s own, as READY', 'is asked for where no READY'),
    '**Anything else.** `discord_api`': [
      ...anyEndpoint('is asked as the payload says', 'is one: %s', 'is none: %j'),
      ...commandsOnProcess('is done, and its result is'),
    ],
    '`GET` only reads': [...outcomes('a %s of discord_api'), ...anyEndpoint('adds its files to a message')],
    'With `form` the body': [
      ...files('is what discord_api sends', 'is refused of discord_api'),
      ...anyEndpoint('has one to ten uploads', 'has no part of the name'),
    ],
    'An upload in `body`': anyEndpoint('takes no files', 'has one to ten uploads'),
    '`status` and `body`': anyEndpoint('is asked as the payload says', 'has no body where', 'an answer of %s'),
    '**Figures.** `get_figures` answers': [
      ...figures('events and commands are told by the second'),
      ...commandsOnProcess('is done, and its result'),
    ],
    'Its lists are bounded': figures(
      'of very many backends',
      'of very many shards',
      'an answer is bounded',
      'of very many gaps',
    ),
    'With `history` come': figures('the history is of fixed length', 'the history outlives'),
    'What a backend tells': figures('how late events reach browsers'),
    'A report a second': figures('a report a second is taken'),
    'It holds for 15': figures('a report a second is taken'),
    '**Whatever else comes**': hostile('%s: %s', '%s: %i', 'of anything has one answer'),
    'Answers tell the field': [...hostile('of anything has one answer'), ...commandMessage('what is not JSON is not')],
  },

  Uploads: {
    '`POST /uploads` at': [...uploadEndpoint('takes the bytes as they are'), ...filesOnProcess('goes from a backend')],
    'Files do not travel': hostile('%s: %i'),
    '`Authorization: Bearer <token>`': uploadEndpoint('refuses %s, whatever is sent', 'is for tokens that may'),
    '`?filename=': uploadRequest('%s with %j is refused', 'has any name that is none of a path', 'counts characters'),
    '`Content-Type` | The file’s type': uploadRequest('is its name, its type', 'has a type as it is written'),
    'Default: `application/octet-stream`': uploadRequest('is its name, its type'),
    'The body | The bytes': [
      ...uploadEndpoint('takes the bytes', 'takes 10 MiB', 'refuses %s, whatever is sent', 'refuses an empty body'),
    ],
    'Its length may': uploadEndpoint('takes what comes in chunks', 'refuses what ends before'),
    '`upload` is the handle': uploads('lies in a file of its own'),
    'It is the backend’s that': [...uploads('is found by the backend'), ...filesOnProcess('a backend’s uploads are')],
    '`expires_at`, in ms': uploads('lies in a file of its own', 'is there for 15 minutes'),
    'Until then any number': [
      ...files('may be the same for several'),
      ...filesOnProcess('is named after the gateway was killed'),
    ],
    'A command that was begun before': files('are there for a command that is done again'),
    'A refusal is as the upgrade’s': [
      ...uploadEndpoint('refuses %s, whatever is sent', 'is a POST', 'is for this machine', 'takes nothing new'),
      ...uploads('that is %s is refused, and leaves'),
    ],
    'What is too large': uploadEndpoint('refuses what says that it is larger', 'says that it may be sent'),
    'An upload that is broken off': uploadEndpoint('leaves nothing of what is broken', 'cuts off what takes too long'),
    '`TOO_MANY_UPLOADS` and': uploadEndpoint('says when there is room again', 'says that there is no room'),
    'Of a message, `files`': files('go to Discord beside the body'),
    'Discord gets them': files('go to Discord beside the body', 'may be the message of a thread'),
    'In an edit they are added': files(
      'is nothing where they are added',
      'stands behind those',
      'is refused where it would',
    ),
    'An edit that adds files': files('is not made twice', 'is made again where'),
    'A field that takes image': files('may be a picture'),
    'The pictures of all': files('has so many pictures in memory'),
    'The `file` of a sticker': files('is what a command of the table', 'is what discord_api sends'),
    'Its type is what': files('has a file of the type that'),
    'A handle that is not there': files('are refused by their fields', 'are past their time for the next'),
    'What was answered before': files('are past their time for the next'),
    'A request with files': files('a command with files has longer'),
  },

  Errors: {
    'With a status': [
      ...uploadEndpoint('refuses %s, whatever is sent'),
      ...server('%s is refused by plain HTTP', 'the demo is for this machine', 'a drain lets nobody in'),
      ...linkTokens('are bounded, each token’s by itself'),
    ],
    '`FORBIDDEN` answers commands': tokenFile('sees its servers and acts'),
    'The last three': [
      ...client('is not sent while the link is down', 'has a deadline, after which', 'is rejected with CLOSED'),
      ...docs('leaves the client’s own errors'),
    ],
  },

  Closing: {
    'Add jitter': client('with close code $code comes back'),
    'Any other code': [...protocol('an unknown close code'), ...client('comes back with the last id')],
    'A backend may close': server('a backend may leave'),
  },

  Races: {
    '**A backend is slower': [
      ...linkEvents('does not slow the others'),
      ...tests('test/frozen.integration.ts')('a frozen consumer costs a bounded'),
    ],
    'Other backends do not notice': linkEvents('does not slow the others'),
    'When its place falls off': linkEvents('that falls off the log'),
    '**The link breaks before': [
      ...races('who asks again with the same id'),
      ...client('is sent again with the same request id'),
    ],
    'What became of commands': commandsOnProcess('what was answered is answered again'),
    'Where `sync` says `resumed`': client('is sent again once the gateway shows', 'is OUTCOME_UNKNOWN where'),
    '**Two connections ask': races('the second waits for the first'),
    '**A command arrives while': server('a drain lets nobody in'),
    'Those in flight are finished': [
      ...server('a drain lets nobody in', 'a drain answers each command', 'a drain answers SHUTTING_DOWN'),
      ...gateway('answers at its end what Discord never'),
      ...botSaysOnProcess('%s that Discord has not shown yet'),
      ...docs('says %s, as the code has it'),
    ],
    '**An event happens while': [
      ...races('comes after the guild that lacks it'),
      ...tests('packages/event-feed/test/feed-seam.test.ts')('a snapshot and what happens meanwhile'),
    ],
    '**The gateway restarts.**': survival('after %s it resumes'),
    'While Discord is away': survival('serves what it knows'),
    'Where positions cannot be sure': [
      ...survival('puts a damaged log aside'),
      ...sqliteLog('begins a new epoch after an unclean end', 'begins a new epoch for a log'),
    ],
    '**A backend does not take': [
      ...linkCommands('who does not take the answers'),
      ...races('its commands are not read'),
    ],
    'If that lasts': races('its commands are not read'),
    '**An event or a sync': client('that cannot be decoded (%s) are asked'),
    'If it is the same again': client('that cannot be decoded twice'),
    'A message of a type': client('that have no place in the stream'),
    '**A token is revoked while': [
      ...linkTokens('has what was taken before finished'),
      ...races('the command is finished, and who asks'),
    ],
    'With another token': races('the command is finished, and who asks'),
  },
}

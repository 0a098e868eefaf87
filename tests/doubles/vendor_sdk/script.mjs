// The vendor's own SDK against our gateway double. One JSON line on stdout for each thing that
// happened; the test on the other side drives the conversation and compares.
//
//   node script.mjs <ws url> <bot id> <secret>
import { WSClient } from '@wecom/aibot-node-sdk';

const [, , wsUrl, botId, secret] = process.argv;
const say = (what, facts = {}) => process.stdout.write(`${JSON.stringify({ what, ...facts })}\n`);
const quiet = () => {};
const logger = { debug: quiet, info: quiet, warn: quiet, error: (...words) => say('log', { words }) };

const client = new WSClient({
  botId,
  secret,
  wsUrl,
  logger,
  heartbeatInterval: 50,
  reconnectInterval: 20,
  maxAuthFailureAttempts: 1,
});

const button = { text: '接单', style: 1, key: 'case:accept' };
const card = (taskId, title) => ({
  card_type: 'button_interaction',
  main_title: { title },
  button_list: [button],
  task_id: taskId,
});

// Each command answers a message of that word; the double judges every frame.
const commands = {
  stream: async (frame) => {
    await client.replyStream(frame, 'S1', '第一段', false);
    return client.replyStream(frame, 'S1', '第一段, 第二段', true);
  },
  card: (frame) => client.replyTemplateCard(frame, card('T1', '新事件')),
  push: (frame) =>
    client.sendMessage(frame.body.chatid ?? frame.body.from.userid, {
      chat_type: frame.body.chatid ? 2 : 1,
      msgtype: 'markdown',
      markdown: { content: '**提醒**' },
    }),
  pushcard: (frame) =>
    client.sendMessage(frame.body.from.userid, {
      chat_type: 1,
      msgtype: 'template_card',
      template_card: card('T2', '推送'),
    }),
  toolong: (frame) => client.replyStream(frame, 'S2', '长'.repeat(7000), true),
};

const answer = async (what, send) => {
  try {
    const ack = await send();
    say('acked', { of: what, errcode: ack.errcode });
  } catch (error) {
    say('refused', { of: what, errcode: error.errcode ?? null, why: error.message ?? error.errmsg });
  }
};

client.on('authenticated', () => say('authenticated'));
client.on('disconnected', (reason) => say('disconnected', { reason }));
client.on('error', (error) => say('error', { message: error.message }));
client.on('message.text', (frame) => {
  const { content } = frame.body.text;
  say('text', { content, chat: frame.body.chatid ?? '', from: frame.body.from.userid });
  const command = commands[content.split(' ').at(-1)];
  if (command) answer(content.split(' ').at(-1), () => command(frame));
});
client.on('message.mixed', async (frame) => {
  const words = [];
  for (const item of frame.body.mixed.msg_item) {
    if (item.msgtype === 'text') words.push(item.text.content);
    else {
      const { buffer } = await client.downloadFile(item.image.url, item.image.aeskey);
      words.push(buffer.toString('base64'));
    }
  }
  say('mixed', { words });
});
client.on('message.voice', (frame) => say('voice', { content: frame.body.voice.content }));
client.on('message.image', async (frame) => {
  const { buffer, filename } = await client.downloadFile(frame.body.image.url, frame.body.image.aeskey);
  say('image', { data: buffer.toString('base64'), filename });
});
client.on('event.enter_chat', (frame) => {
  say('enter_chat', { from: frame.body.from.userid });
  answer('welcome', () => client.replyWelcome(frame, { msgtype: 'text', text: { content: '您好' } }));
});
client.on('event.template_card_event', (frame) => {
  const { event } = frame.body;
  const inner = event.template_card_event ?? event;
  say('click', { key: inner.event_key, task: inner.task_id });
  answer('update', () => client.updateTemplateCard(frame, card(inner.task_id, '已接单')));
});
client.on('event.disconnected_event', () => say('displaced'));

client.connect();

import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { route } from '../../../engine/rules/route.ts';
import { wantsOut } from '../../../engine/rules/wants-out.ts';
import { context, memberOf, sceneOf } from '../../support/scenes.ts';

const meaningStop = [
  ...['please stop texting me', 'Stop texting me!!!', 'Can you stop texting me?', 'stop messaging me please'],
  ...['quit texting me', 'STOP SENDING ME MESSAGES', 'Stop sending me these stupid texts', 'stop these texts'],
  ...['Don’t text me', "don't text me anymore", 'do not contact me again', 'never text this number again'],
  ...['no more texts', 'No more messages please', 'please don’t send me any more texts'],
  ...['remove me', 'Remove me please', 'please remove me from this list', 'Remove me from your text list asap'],
  ...[
    'take me off this list',
    'Take me off your list',
    'take me off',
    'get me off this list',
    'get me out of this group',
  ],
  ...['Remove my number', 'delete my number from your list', 'lose my number', 'take my number off this list'],
  ...['unsubscribe me', 'opt me out', 'Please unsubscribe me from this group', 'I want to unsubscribe'],
  ...['i want to opt out', 'I would like to be removed from this list', 'I don’t want these texts'],
  ...[
    'I no longer want to receive these messages',
    'I didn’t sign up for this spam',
    'i dont want to be in this group',
  ],
  ...[
    'How do I stop these texts?',
    'how do i unsubscribe',
    'How do I get off this list?',
    'how can I leave this group chat',
  ],
  ...[
    'wrong number',
    'Wrong number.',
    'Sorry, wrong number',
    'you have the wrong number',
    'You’ve got the wrong number',
  ],
  ...['this is the wrong number', 'I think you have the wrong number', 'Hi, wrong person'],
  ...['No me escriban más', 'deje de mandarme mensajes', 'número equivocado', 'Quíteme de la lista por favor'],
  ...['Arrêtez de m’écrire', 'Ne m’écrivez plus', 'mauvais numéro', 'Retirez-moi de cette liste'],
];

const ordinary = [
  ...[
    'stop by the store please',
    'Please stop at the bank',
    'Stop texting while driving',
    'stop it lol',
    'Stop me if I’m wrong',
  ],
  ...['Stop texting me when you’re driving', 'stop sending Bob the old file', 'Don’t stop', 'the bus stop is closed'],
  ...[
    'Quit joking',
    'I quit my job',
    'cancel dinner please',
    'Can you cancel my order?',
    'end of story',
    'Stop!! Hammer time',
  ],
  ...[
    'Don’t text me the address, email it',
    'don’t text Bob',
    'never mind',
    'text me later',
    'Text me when you get home',
  ],
  ...[
    'Message me tomorrow',
    'contact me at work',
    'no more snow please',
    'No more texts from the school today, I checked',
  ],
  ...['Remove the cake from the oven', 'Remove me from the Thursday list, I work', 'remove my coat from the chair'],
  ...[
    'Take me home',
    'take me out',
    'take me to the airport at 5',
    'Take me off the Saturday shift please',
    'take off at 7',
  ],
  ...[
    'Get me off at the next exit',
    'get me out at the corner',
    'Get me a coffee',
    'Delete the picture please',
    'delete it',
  ],
  ...[
    'lose the tie',
    'Lose my jacket and I’ll be mad',
    'Take my number: 212-555-0100',
    'Here is my number',
    'my number is new',
  ],
  ...[
    'The list is wrong',
    'Wrong list',
    'wrong address, sorry',
    'Wrong number of chairs',
    'you gave me the wrong time',
  ],
  ...['Is this the wrong room?', 'wrong again', 'That’s wrong', 'I dialed the wrong number of the restaurant earlier'],
  ...[
    'You have the wrong idea',
    'this is the wrong way',
    'Who is this?',
    'who has the list',
    'is this the right group?',
  ],
  ...[
    'I want to leave at 5',
    'i want out of this job',
    'I want to be in this group!',
    'I don’t want pizza',
    'I don’t want these shoes',
  ],
  ...[
    'I no longer need a ride',
    'I need these texts for the play',
    'I didn’t sign up for the race',
    'how do I stop the sprinkler',
  ],
  ...['How do I leave the parking lot', 'how do I get off the highway there', 'How can I join?', 'how do i get there'],
  ...[
    'unsubscribe from that channel lol',
    'Opt out of the meal plan by Friday',
    'opt in or opt out?',
    'I opted out of PE',
  ],
  ...[
    'please',
    'sorry',
    'no',
    'ok',
    'thanks',
    'please bring chairs',
    'Can you call me?',
    'could you pick me up',
    'ok bye',
  ],
  ...[
    'please stop the music',
    'Please stop sending food, we are full',
    'stop the texts thing, let’s use email',
    'stop calling it soccer',
  ],
  ...[
    'My mom keeps asking to be removed from this list',
    'Bob said stop texting me',
    'She told him “lose my number” haha',
  ],
  ...['They have the wrong number on the flyer', 'Wrong number on the flyer: it’s 555-0100', 'The wrong person won'],
  ...[
    'mauvais temps',
    'le numéro est bon',
    'el número es 4',
    'no me digas',
    'No me mandes la foto por aquí, mejor por correo',
  ],
  ...['deja de llover', 'arrête de rire', 'quita la mesa', 'Retire la voiture', 'i m at the stop', 'messages are fun'],
  ...['text', 'stop texting', 'stop sending', 'remove', 'take', 'number', 'list', 'I’m leaving this group of friends'],
];

describe('a text that means STOP in other words', () => {
  for (const text of meaningStop) it(`is ${JSON.stringify(text)}`, () => expect(wantsOut(text)).to.equal(true));

  it(`is none of ${ordinary.length} ordinary sentences`, () => {
    expect(ordinary.length).to.be.at.least(100);
    expect(ordinary.filter(wantsOut)).to.deep.equal([]);
  });

  it('is found in a labelled set of 500 sentences, and ordinary chat is not held', () => {
    const labelled = readFileSync(new URL('plain-words.txt', import.meta.url), 'utf8')
      .split('\n')
      .map((line) => line.split('\t'))
      .filter(([label]) => label === 'out' || label === 'chat');
    expect(labelled.length).to.be.at.least(500);
    const held = (of: string) => labelled.filter(([label, text = '']) => label === of && wantsOut(text)).length;
    const all = (of: string) => labelled.filter(([label]) => label === of).length;
    expect(held('out') / all('out'), 'found').to.be.greaterThan(0.98);
    expect(held('chat') / all('chat'), 'held by mistake').to.be.lessThan(0.01);
  });

  it('is short', () => {
    expect(wantsOut(`${'please '.repeat(20)}stop texting me`)).to.equal(false);
  });

  const kinds = (text: string, sender = memberOf({}), pictures = 0) => {
    const scene = sceneOf({ text, sender });
    const media = Array.from({ length: pictures }, () => 'https://media.example/1');
    return route({ ...scene, said: { ...scene.said, media } }).map(({ kind }) => kind);
  };

  it('is held back, also of a member who left; with a picture it says something', () => {
    expect(kinds('wrong number')).to.deep.equal(['hold', 'answer']);
    expect(kinds('wrong number', memberOf({ left: true }))).to.deep.equal(['hold', 'answer']);
    expect(kinds('wrong number', memberOf({}), 1)).to.deep.equal(['say']);
  });

  it('does not turn a staged group on', () => {
    expect(
      route(sceneOf({ text: 'Wrong number!', sender: { kind: 'creator', group: 'Hikers' } })),
    ).to.have.nested.property('[0].kind', 'answer');
  });

  it('is said after SEND, once', () => {
    const held = memberOf({ context: { ...context, held: 'Wrong number' } });
    expect(route(sceneOf({ text: 'Send.', sender: held }))).to.deep.equal([
      { kind: 'release' },
      { kind: 'say', text: 'Bob: Wrong number', media: [], toId: null, cc: false },
    ]);
    expect(kinds('SEND')).to.deep.equal(['say']);
    expect(kinds('Send it', held)).to.deep.equal(['say']);
  });
});

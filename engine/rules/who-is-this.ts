import type { Arrival } from './command-context.ts';
import { callBy } from './commands/command.ts';
import { saysOnly } from './plain-words.ts';
import { texts } from './texts.ts';
import type { Membership } from './types.ts';

/**
 * What a newcomer is told who asks who texts them, or null where the words are for the group: from a member who has said
 * something in it, put themself in, or has been there for long.
 */
export function introduce({ roster, member }: Membership, arrival: Arrival, now: number): string | null {
  if (member.owner || arrival.hasSpoken || arrival.byId === member.personId) return null;
  if (now > arrival.joinedAt + NEWCOMER_MS) return null;
  const { group, members } = roster;
  const by = members.find(({ personId }) => personId === arrival.byId);
  const owner = members.find((one) => one.owner && one !== by);
  return texts.whoThisIs({
    by: by === undefined ? null : callBy(by),
    owner: owner === undefined ? null : callBy(owner),
    group: group.name,
  });
}

/** A quiet group may have its first text weeks after the welcome. */
const NEWCOMER_MS = 30 * 86_400_000;

const ask = '(?:(?:may|can|might) i ask |can you tell me |tell me )?';
const things = '(?:group|text|texting|chat|list|thread|number|message|messages|texts|service)';
const these = `(?:this|these|the|all these|all of these|all this)(?: ${things})*`;

/**
 * True for a short text that asks who we are, or why they hear from us, and nothing else: "who is this?", "how did you get
 * my number". What a newcomer means by it others say to the group.
 */
export const asksWho = saysOnly(
  [
    `${ask}who(?: is|s| are|re| r| tf is| the heck is| the hell is)? (?:this|dis|you|u|ya|yall|you guys|you people|these people|all these people|this person)(?: (?:from|texting|messaging|contacting)(?: me)?)?`,
    `${ask}who (?:(?:this|dis|it) is|(?:you|u|these people) are)|who ?r ?u`,
    `who(?: is|s| are| keeps)? (?:texting|messaging|contacting)(?: me)?(?: from)?(?: ${these})?`,
    'who(?: is|s)? sending (?:me )?(?:this|these)(?: texts?| messages?)?',
    '(?:whos|whose) (?:number|phone|phone number) is (?:this|dis)',
    'new (?:phone|number) who (?:is )?(?:dis|this)',
    `who (?:added|put|signed|included|invited|enrolled) me(?: up)?(?: (?:to|in|into|on|for|here))*(?: ${these})?`,
    `(?:what|which)(?: kind of)? ${things}(?: ${things})? is (?:this|it)`,
    `what(?: is|s) this (?:number|${things}(?: ${things})?)(?: for| about)?`,
    'what(?: is|s) this(?: all)?(?: about)?',
    '(?:how|where) (?:did|do) (?:you|u|yall|you guys|you people)(?: all)? (?:get|have|find) (?:my|this) (?:number|phone|phone number|cell|cell number|info)',
    `why (?:am i|do i|did i)(?: keep)? (?:get|getting|got|receive|receiving|in|on|part of|included in|being sent) ${these}`,
    `why (?:are you|are u|r u|do you|did you|do you keep) (?:texting|messaging|contacting|text|message) me`,
    'why (?:are you|do you keep) sending me (?:this|these|texts|messages|this stuff)(?: texts| messages)?',
    'do (?:i|we) know (?:you|u|each other)',
    '(?:sorry )?i (?:do not|dont) know (?:who (?:this|you|these people|any of you|yall) (?:is|are)|you|this number|this group|any of you|any of these (?:people|numbers))',
    '(?:i (?:do not|dont) (?:recognize|recognise|have)|i (?:do not|dont) have) (?:this|your|the|these|any of these) numbers?(?: saved)?',
    '(?:im |i am )?not sure who (?:this|you) (?:is|are)',
    'i have no idea who (?:this|you|these people|you people|yall) (?:is|are)',
    // Spanish
    '(?:y )?(?:(?:tu|usted) )?(?:quien|kien) (?:es|eres|habla|escribe|me escribe|me habla|me esta escribiendo|son|son ustedes|es usted)(?: (?:este|usted|tu|ustedes))?',
    '(?:quien|kien) (?:me )?(?:manda|envia|mando|esta mandando|esta enviando)(?: me)? (?:esto|este mensaje|estos mensajes)|de parte de quien',
    '(?:quien|kien) me (?:agrego|puso|metio|anadio)(?: (?:a|en|aqui|este|el|grupo))*',
    '(?:de quien es este numero|(?:de )?que (?:grupo )?es (?:esto|este grupo|este numero)|que (?:grupo|numero) es este)',
    '(?:como (?:consiguio|consiguieron|conseguiste|obtuvieron|obtuvo|tienes|tiene|tienen)|de donde (?:sacaste|saco|sacaron|tienes|tienen)) mi (?:numero|telefono)',
    'por que (?:me (?:llegan|mandan|envian|escriben)|recibo|estoy recibiendo) (?:esto|estos mensajes|mensajes)|por que (?:estoy|me pusieron|me agregaron) en este (?:grupo|chat)',
    'no se quien (?:es|eres|son|es usted|son ustedes)|no (?:conozco|reconozco|tengo) este numero(?: guardado)?|(?:te|lo|la|los) conozco|nos conocemos',
    '(?:telefono|celular|numero) nuevo quien es',
    // French
    '(?:cest qui|qui est ce|qui est la|qui etes vous|qui es tu|tes qui|tu es qui|vous etes qui|a qui est ce numero|(?:cest quoi|quest ce que cest que|quel est) ce (?:groupe|numero|message)|de la part de qui)',
    '(?:qui ma ajoutee?|qui ma mise?)(?: (?:a|au|dans|ici|ce|le|groupe))*',
    'qui (?:mecrit|menvoie (?:ca|ceci|ce message|ces messages)|envoie (?:ca|ceci|ces messages))',
    '(?:comment|dou|ou) (?:avez vous|tas|as tu|vous avez)(?: eu| trouve)? mon numero',
    'pourquoi (?:est ce que )?(?:je recois|est ce que je recois) (?:ca|ceci|ces messages|ces textos)|pourquoi (?:suis je|je suis|est ce que je suis) dans ce groupe',
    'je (?:ne )?sais pas qui (?:vous etes|tu es|cest)|je (?:ne )?connais pas ce numero|(?:est ce qu)?on se connait|je vous connais|je te connais',
    'nouveau (?:telephone|numero) cest qui',
  ],
  {
    around: ['lol|haha|hmm|huh|wait|um|so|good morning|good evening|good afternoon|hola|buenas|bonjour|salut|euh|oye'],
    beside: [
      'what|im confused|i am confused|(?:i )?(?:just )?(?:got|have) a new (?:phone|number)|(?:i )?lost (?:all )?my (?:contacts|phone|numbers)',
      'i (?:just )?got (?:a|this|your) (?:text|message)(?: from (?:you|this number))?',
      '(?:you|someone|somebody) (?:just )?(?:texted|messaged) me|do you know me',
    ],
  },
);

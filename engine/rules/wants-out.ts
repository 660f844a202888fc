import { saysOnly } from './plain-words.ts';

const where =
  '(?:(?:of|from) )?(?:(?:this|the|your|ur|that|these|all) )?(?:(?:group|text|texting|message|messaging|mailing|sms|phone|contact) )*(?:list|lists|group|groups|chat|chats|thread|texts|messages|conversation|service|database|here)';
const texts =
  '(?:(?:any|all|more|these|those|this|the|your|ur|of|stupid|damn) )*(?:texts?|text messages?|messages?|msgs?|sms|spam|stuff)';
const me = '(?:me|us|this number|this phone|my number|my phone)';
const text = '(?:text|message|contact|sms|msg)';
const texting = '(?:texting|messaging|contacting|spamming|smsing|msging)';

/**
 * True for a short text that means STOP and says nothing else: "please stop texting me", "wrong number". The FCC's rule
 * on revoking consent (47 CFR 64.1200(a)(10)) knows no set of words, so its sender is asked what they mean.
 * A row is one way to say it, without the polite words around it.
 */
export const wantsOut = saysOnly([
  `(?:stop|quit) ${texting} ${me}`,
  `(?:stop|quit) sending (?:${me} )?${texts}(?: to ${me})?`,
  `(?:stop|quit) sending ${me}`,
  `stop ${texts}(?: to ${me})?`,
  `(?:do not|dont|never) ${text} ${me}`,
  `(?:do not|dont) send (?:${me} )?${texts}(?: to ${me})?`,
  `no more (?:texts|text messages|messages)(?: (?:to|for) ${me})?`,
  `(?:remove|unsubscribe|delete) me(?: (?:off )?${where})?`,
  `take me off(?: ${where})?`,
  `(?:get|take) me (?:off|out) ${where}`,
  `(?:remove|delete|lose) my (?:number|phone number|phone|name)(?: (?:off )?${where})?`,
  `take my (?:number|phone number|name) off(?: ${where})?`,
  'opt me out|unsubscribe me',
  `(?:opt out|unsubscribe) ${where}`,
  `i (?:want|would like|wish|need) to (?:opt out|unsubscribe|be removed|be taken off)(?: ${where})?`,
  `i (?:do not|dont|no longer|didnt) (?:want|wish|need|ask for|sign up for)(?: to (?:get|receive))? ${texts}`,
  `i (?:do not|dont|no longer) (?:want|wish) to be (?:in|on|part of) ${where}`,
  `how (?:do|can) i (?:stop|end|block|stop getting|stop receiving) ${texts}`,
  `how (?:do|can) i (?:unsubscribe|opt out|get off ${where}|get out ${where}|leave ${where})`,
  '(?:(?:you|u) (?:have|got|have got)|youve got|you have|this is|its|thats|i think you have|i think you got)?(?: ?(?:the|a))? ?wrong (?:number|person)(?: here)?',
  // Spanish
  '(?:ya )?no me (?:escriban?|escribas?|manden?|mandes?|envien?|envies?)(?: mas)?(?: (?:mensajes|textos))?(?: mas)?',
  '(?:deje|dejen|deja|dejen ya) de (?:escribirme|mandarme|enviarme)(?: (?:mensajes|textos|mensajes de texto))?',
  '(?:(?:tiene|tienes|tienen|es) el )?numero equivocado',
  '(?:quiteme|quitenme|quitame|borreme|saquenme) de (?:la|esta|su) lista',
  // French
  '(?:arretez|arrete) de (?:mecrire|menvoyer des (?:messages|textos|sms))',
  'ne (?:mecrivez|mecris|me textez) plus',
  '(?:(?:vous avez|tas|cest) (?:le|un) )?(?:mauvais|faux) numero',
  'retirez moi de (?:la|cette|votre) liste',
]);

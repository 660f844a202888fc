import { saysOnly } from './plain-words.ts';

const where =
  '(?:(?:of|from) )?(?:(?:this|the|your|ur|that|these|all) )?(?:(?:group|text|texting|message|messaging|mailing|sms|phone|contact) )*(?:list|lists|group|groups|chat|chats|thread|texts|messages|conversation|service|database|here)';
const texts =
  '(?:(?:any|all|more|these|those|this|the|your|ur|of|stupid|damn) )*(?:texts?|text messages?|messages?|msgs?|sms|spam|stuff)';
const me = '(?:me|us|this number|this phone|my number|my phone)';
const text = '(?:text|message|contact|sms|msg)';
const texting = '(?:texting|messaging|contacting|spamming|smsing|msging)';

const mensajes = '(?:mensajes|mensajitos|textos|mensajes de texto)';
const grupo = '(?:(?:el|la|este|esta|su|tu|mi) )?(?:grupo|lista|chat|conversacion|aqui)';
const textos = '(?:messages|textos|textes|sms)';
const groupe = '(?:(?:le|la|ce|cette|votre|ton) )?(?:groupe|liste|conversation|ici)';

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
  '(?:ya )?no me (?:escriban?|escribas?|mandes?|manden?|envien?|envies?)(?: nada)?(?: mas)?(?: (?:mensajes|textos))?(?: mas)?',
  `(?:deja|deje|dejen|dejen ya|deja ya|para|pare|paren) de (?:escribirme|mandarme|enviarme)(?: ${mensajes})?`,
  `(?:basta de|no mas) ${mensajes}`,
  `(?:ya )?no quiero(?: (?:recibir|que me lleguen))?(?: mas| estos| sus| tus)? ${mensajes}(?: mas)?`,
  `(?:ya )?no quiero (?:estar|seguir|ser parte|formar parte)(?: (?:en|de))? ${grupo}`,
  `(?:quiteme|quitenme|quitame|borreme|borrenme|borrame|saqueme|saquenme|sacame|elimineme|eliminenme|eliminame)(?: (?:de|del) ${grupo})?`,
  `(?:borra|borre|borren|elimina|elimine|eliminen|quita|quite|quiten) mi (?:numero|telefono)(?: (?:de|del) ${grupo})?`,
  `(?:dame|deme|denme) de baja(?: (?:de|del) ${grupo})?`,
  `quiero (?:darme de baja|salirme|salir)(?: (?:de|del) ${grupo})`,
  'quiero darme de baja',
  `como (?:me salgo|salgo|puedo salir|puedo salirme) (?:de|del) ${grupo}`,
  `como (?:me doy|puedo darme) de baja(?: (?:de|del) ${grupo})?`,
  `como (?:dejo|puedo dejar) de recibir(?: (?:estos|sus))? ${mensajes}`,
  `(?:yo )?no (?:pedi|solicite) (?:estos|sus|tus) ${mensajes}`,
  '(?:(?:tiene|tienes|tienen|es) el )?numero equivocado|(?:se equivoco|te equivocaste|se equivocaron) de numero',
  // French
  `(?:arretez|arrete|cessez|cesse) de (?:mecrire|me texter|(?:menvoyer|menvoyez) (?:des|vos|ces) ${textos})`,
  `ne (?:mecrivez|mecris|me textez|me texte|menvoyez|menvoie) plus(?: (?:de|rien|vos|ces))?(?: ${textos})?`,
  `plus de ${textos}`,
  `je (?:ne )?veux (?:plus|pas) (?:recevoir )?(?:de|ces|vos) ${textos}`,
  `je (?:ne )?veux (?:plus|pas) (?:etre|rester|faire partie) (?:dans|de|du|sur) ${groupe}`,
  `(?:retirez|retire|enlevez|enleve|supprimez|supprime|effacez|efface|sortez|sors) moi(?: (?:de|du) ${groupe})`,
  `(?:retirez|retire|enlevez|enleve|supprimez|supprime|effacez|efface) mon (?:numero|telephone)(?: (?:de|du) ${groupe})?`,
  `(?:desabonnez|desabonne|desinscrivez|desinscris) moi(?: (?:de|du) ${groupe})?`,
  `je veux (?:me desabonner|me desinscrire)(?: (?:de|du) ${groupe})?|je veux (?:quitter|sortir)(?: (?:de|du))? ${groupe}`,
  `comment (?:(?:puis )?je )?(?:quitter|quitte|peux quitter|sortir)(?: (?:de|du))? ${groupe}`,
  `comment (?:me desabonner|me desinscrire|ne plus recevoir (?:de|ces|vos) ${textos})`,
  `je (?:nai|ai) pas demande (?:ces|vos) ${textos}`,
  '(?:(?:vous avez|tas|tu as|cest) (?:le|un) )?(?:mauvais|faux) numero|erreur de numero',
  '(?:vous vous trompez|tu te trompes) de numero',
]);

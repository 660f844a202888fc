import { addWhereFree, cutLines, list } from '../../fit.ts';
import type { Brand, texts as english } from '../../texts.ts';
import { countPeople } from '../../wording.ts';
import type { Translated } from '../translated.ts';

export const texts: Translated<typeof english> = {
  askToActivate: ({ group, members, pin, hours }) =>
    `Vous avez créé le groupe "${group}" avec ${countPeople(members)} en plus de vous. Répondez OUI pour l'activer. Personne n'a encore reçu de texto, et il expire dans ${hours === 1 ? '1 heure' : `${hours} heures`}.${pin === null ? '' : ` Votre PIN est ${pin}. Nous ne le demanderons jamais.`}`,
  isOn: ({ group }) =>
    `"${group}" est actif! Chacun a reçu un mot de bienvenue. Écrivez à ce numéro pour joindre tout le monde. *aide liste les commandes.`,
  isOnAsked: ({ group }) =>
    `"${group}" est actif! Tous ceux que vous avez nommés sont invités et y entrent par leur OUI. Écrivez à ce numéro pour les joindre. *aide liste les commandes.`,
  askToJoin: ({ brand, group, by, name, code }) =>
    `${brand.name}: ${by === null ? '' : `${by} vous invite. `}Entrer dans "${group}"${name === null ? '' : ` comme ${name}`}? Répondez OUI sous 72 heures (OUI ${code} si on demande deux fois), ou NON. STOP arrête tout, HELP aide. Frais de msg/données possibles.`,
  notJoined: ({ group }) => `D'accord, vous n'êtes pas dans "${group}" et n'en recevez aucun texto.`,
  notOn: ({ group }) =>
    `"${group}" n'est pas encore actif, et personne n'y a reçu de texto. Répondez OUI pour l'activer, ou ne faites rien et il expire.`,
  welcome: ({ brand, group, by, toOwner }) => firstText(brand, `${by} vous ajoute à "${group}"`, toOwner),
  joined: ({ brand, group, toOwner }) => firstText(brand, `vous voilà dans "${group}"`, toOwner),
  newcomer: ({ who, group, by }) =>
    by === null ? `${who} rejoint "${group}".` : `${by} a ajouté ${who} à "${group}".`,
  newcomers: ({ group, who }) => `Nouveaux dans "${group}" : ${list(who, 120)}.`,
  groupClosed: ({ group }) => `Le groupe "${group}" a été fermé. Les textos à ce numéro n'atteignent plus personne.`,
  groupEnded: ({ group }) =>
    `Le groupe "${group}" a été effacé par son propriétaire. Les textos à ce numéro n'atteignent plus personne.`,
  samePin: ({ pin, minutes }) =>
    `Votre PIN est ${pin}, comme avant. Il sert encore ${minutes === 1 ? '1 minute' : `${minutes} minutes`}. Nous ne le demanderons jamais.`,
  pin: ({ pin }) => `Votre PIN est ${pin}. Il sert 15 minutes. Nous ne le demanderons jamais.`,

  scheduledTooLate: ({ group, when }) =>
    `Votre texto à "${group}" pour ${when} UTC n'est pas parti : nous étions en panne, et il aurait eu plus d'une heure de retard.`,
  scheduledWithoutHours: ({ group, when }) =>
    `Votre texto à "${group}" pour ${when} UTC n'est pas parti : d'ici deux jours, aucune heure ne convient à tous. *heures montre les heures.`,
  waits: ({ group, when, waiting }) =>
    `Il est trop tôt ou tard pour ${countPeople(waiting)} dans "${group}" : votre texto part à tous le ${when}. Avec ! devant, il part aussitôt. *heures montre les heures.`,
  waitsByLaw: ({ group, when, waiting }) =>
    `D'après la loi là où ils sont, il est trop tôt ou tard pour écrire à ${countPeople(waiting)} dans "${group}" : votre texto part à tous le ${when}.`,
  noHours: ({ group }) =>
    `Votre texto n'a pas été envoyé : d'ici deux jours, aucune heure ne convient à tous dans "${group}". *heures montre les heures, ! devant envoie aussitôt.`,
  scheduledButSuspended: ({ group, when }) =>
    `Votre texto à "${group}" pour ${when} UTC n'est pas parti : votre solde est épuisé.`,
  scheduledButPaused: ({ group, when }) =>
    `Votre texto à "${group}" pour ${when} UTC n'est pas parti : le groupe est suspendu pour l'instant.`,
  scheduledButLeft: ({ group, when }) =>
    `Votre texto à "${group}" pour ${when} UTC n'est pas parti : vous avez quitté le groupe. Écrivez *salut pour revenir.`,
  askDevice: ({ device, code }) =>
    `Quelqu'un veut les textos de groupe de ce téléphone dans une appli sur ${device}. Si c'est vous, répondez OUI sous 30 minutes, ou OUI ${code} si on demande deux fois. Sinon, ne faites rien.`,
  deviceRefused: ({ device }) => `D'accord, l'appli sur ${device} ne reçoit aucun de vos textos de groupe.`,
  whichQuestion: ({ questions }) =>
    `Nous vous avons posé plus d'une question : dites laquelle. Répondez ${list(questions, 200)}.`,
  deviceOn: ({ device }) => `Vos textos de groupe vont maintenant à l'appli sur ${device}.`,

  stopped: ({ brand }) =>
    `${brand.name}: vous ne recevrez plus aucun texto de nous, d'aucun groupe. Répondez START ou COMMENCER pour annuler cela.${ifAny(' Questions? ', brand.support)}`,
  started: ({ brand }) =>
    `${brand.name}: vous recevez de nouveau les textos de vos groupes. Répondez STOP pour arrêter, HELP ou AIDE pour de l'aide.`,
  startedHere: ({ brand, numbers }) =>
    `${brand.name}: vous recevez de nouveau les textos de ce numéro. Pour vos autres groupes, envoyez aussi START à ${list(numbers, 110)}. Répondez STOP pour tout arrêter.`,
  about: ({ brand }) =>
    `${brand.name}: écrivez ici à votre groupe, *aide liste les commandes.${ifAny(' Questions? ', brand.support)} Répondez STOP pour ne plus recevoir nos textos. Fréq. variable, frais msg/données possibles.${ifAny(' ', brand.terms)}`,
  memberStopped: ({ who, group }) =>
    `${who} a répondu STOP et ne recevra plus rien de "${group}" ni d'un autre groupe avant d'envoyer START.`,
  memberStoppedHere: ({ who, group }) =>
    `${who} a répondu STOP et ne recevra plus rien de "${group}" avant d'envoyer START au numéro du groupe.`,
  memberUnreachable: ({ who, group }) =>
    `Cinq fois de suite, nous n'avons pas pu joindre le téléphone de ${who} : "${group}" ne lui écrit plus jusqu'à un *activer de sa part.`,

  looksLikeLandline: ({ who, group }) =>
    `Le numéro de ${who} semble être un fixe : les textos de "${group}" peuvent ne pas y arriver. Demandez un numéro de mobile.`,
  unknownSender: () =>
    "Vous n'êtes dans aucun groupe à ce numéro : personne n'a reçu votre texto. Demandez au propriétaire de vous ajouter. Répondez STOP pour ne recevoir aucun texto.",
  comeBack: ({ group }) => `Vous avez quitté "${group}" : votre texto n'a pas été envoyé. Écrivez *salut pour revenir.`,
  comeBackFirst: ({ group, word }) =>
    `Vous avez quitté "${group}" : *${word} n'a rien fait. Écrivez *salut pour revenir.`,
  suspended: ({ group }) =>
    `"${group}" est en pause (*quitter pour en sortir) : le solde du propriétaire est épuisé, votre texto n'a pas été envoyé.`,
  paused: ({ group }) =>
    `"${group}" est suspendu pour l'instant (*quitter pour en sortir) : votre texto n'a pas été envoyé.`,
  stopOffered: ({ group }) =>
    `Personne dans "${group}" n'a reçu cela. Pour ne plus rien recevoir, répondez STOP. Pour quitter ce groupe : *quitter. Pour l'envoyer, répondez ENVOYER.`,
  whoThisIs: ({ by, owner, group }) =>
    `Voici le groupe de textos "${group}" : ${by === null ? 'on vous y a mis' : `${by} vous y a mis`}${owner === null ? '' : `, il est à ${owner}`}. *quitter pour en sortir, STOP arrête tous nos textos. Personne n'a reçu votre question : pour l'envoyer, répondez ENVOYER.`,
  stopOfferedStaged: ({ group }) =>
    `"${group}" n'est pas actif, et personne n'y a reçu de texto. Pour ne plus recevoir nos textos, répondez STOP.`,
  ownerSilent: ({ group }) =>
    `Le propriétaire de "${group}" n'en reçoit pas les textos pour l'instant : le vôtre attend dans son appli.`,
  ownerLeft: ({ group }) => `Le propriétaire de "${group}" a quitté le groupe : personne n'a reçu votre texto.`,
  tooManyTexts: ({ limit }) =>
    `Cela fait plus de ${limit} textos en une minute : les derniers n'ont pas été envoyés. Attendez une minute.`,
  autoResponder: ({ who, group }) =>
    `Le téléphone de ${who} envoie sans cesse le même texto à "${group}", comme une réponse automatique. Nous ne le passons plus.`,
  autoResponders: ({ who: [one = '', other = ''], group }) =>
    `Les téléphones de ${one} et de ${other} se répondent sans cesse dans "${group}", comme des réponses automatiques. Nous ne les passons plus.`,

  muteOver: ({ group, missed, isMore, last }) => {
    const count = `${isMore ? 'plus de ' : ''}${missed === 1 ? '1 texto' : `${missed} textos`}`;
    const again = `"${group}" est de retour. ${missed === 0 ? 'Rien de manqué' : `Manqué : ${count}`}`;
    if (last.length === 0) return `${again}. *silence HEURES le met en silence.`;
    return cutLines(`${again}${last.length === missed ? ' :' : `, ${theLast(last.length)} :`}`, last);
  },

  bundle: ({ group, said }) =>
    [`${said.length} textos${group === null ? '' : ` dans "${group}"`} :`, ...said].join('\n'),

  whoIsOff: ({ group }) => `Seul le propriétaire de "${group}" peut voir qui en fait partie.`,
  help: ({ group, lines }) =>
    `Commandes dans "${group}" :\n${lines.join('\n')}\nRépondez STOP pour ne plus recevoir nos textos.`,
  helpOfOwners: () => '*aide 2 liste ce que peuvent les propriétaires',
  unknownCommand: ({ word, nearest }) =>
    `La commande ${word} n'existe pas. Vouliez-vous dire ${nearest}? *aide liste les commandes. Rien n'a été envoyé au groupe.`,
  ownerOnly: ({ group }) =>
    `Seul le propriétaire de "${group}" peut faire cela. *aide liste ce que vous pouvez faire. Rien n'a été envoyé au groupe.`,
  howToStop: ({ group }) =>
    `Pour arrêter tous nos textos, de tout groupe, répondez STOP sans étoile. Pour quitter le seul "${group}", écrivez *quitter. Rien n'a été envoyé au groupe.`,
  howToLeave: ({ group }) =>
    `Pour quitter "${group}", écrivez *quitter. Pour arrêter tous nos textos, de tout groupe, répondez STOP sans étoile. Rien n'a été envoyé au groupe.`,
  usage: ({ usage, does }) => `${usage} : ${does}. Écrivez-le ainsi. Rien n'a été envoyé au groupe.`,
  refused: ({ about, says }) => `${about === null ? '' : `${about} : `}${says} Rien n'a été changé.`,
  noNumberFree: () =>
    "Nous n'avons pas de numéro libre pour une de ces personnes. Réessayez plus tard. Rien n'a été changé.",
  noNumberYet: ({ group }) =>
    `"${group}" n'est pas encore actif : nous n'avons pas de numéro libre pour un de ses membres. Répondez OUI de nouveau plus tard.`,
  addIsOff: ({ group }) =>
    `Seul le propriétaire de "${group}" peut ajouter des membres. *inviter montre comment entrer.`,
  accountChanged: ({ brand, changes }) =>
    `${brand.name}: du nouveau dans votre compte : ${changes.join(', ')}. Si ce n'était pas vous, écrivez *deconnexion à ce numéro : cela ferme toutes les sessions et clés de vos applis.`,
  loggedOut: () => 'Vous voilà hors de toutes les applis. Qui utilisait vos sessions ou vos clés ne le peut plus.',
  lowBalance: ({ balance, suspended }) =>
    suspended
      ? `Votre solde de textos de groupe est épuisé (${balance}) : vos groupes sont en pause et leurs textos ne partent pas. Payez dans l'appli pour les réactiver.`
      : `Il reste ${balance} à votre solde de textos de groupe. Une fois épuisé, vos groupes sont en pause et leurs textos ne partent pas. Payez dans l'appli pour les garder actifs.`,
  digest: (sums) =>
    `"${sums.group}", texto ${sums.id} : remis à ${sums.delivered}, échoué pour ${sums.failed.length === 0 ? '0' : `${sums.failed.length} (${list(sums.failed, 110)})`}, désabonnés ${sums.optedOut}${sums.open === 0 ? '' : `, en route vers ${sums.open}`}${sums.silent === 0 ? '' : `, sans textos ${sums.silent}`}.`,

  offer: ({ by, group }) =>
    `${by} veut que vous repreniez le groupe "${group}" : il serait à vous et vous paieriez ses textos. Répondez OUI ou NON sous 72 heures.`,
  offerLost: ({ group }) =>
    `Le propriétaire de "${group}" est absent depuis 7 jours. Le reprendre? Il serait à vous et vous paieriez ses textos. Répondez OUI ou NON sous 72 heures.`,
  offerByUs: ({ group }) =>
    `"${group}" cherche un propriétaire. Le reprendre? Il serait à vous et vous paieriez ses textos. Répondez OUI ou NON sous 72 heures.`,
  offerLater: ({ group }) =>
    `Votre texto est allé à "${group}". Pour reprendre le groupe et payer ses textos, écrivez *accepter.`,
  nowCoOwner: ({ by, group }) =>
    `${by} partage "${group}" avec vous : vous pouvez aussi le gérer. *aide liste ce que vous pouvez faire.`,
  declined: ({ group }) => `Vous n'avez pas repris "${group}". Rien ne change.`,
  offerDeclined: ({ who, group }) => `${who} ne veut pas reprendre "${group}" : il reste à vous.`,
  nowYours: ({ group }) =>
    `"${group}" est à vous : votre compte paie ses textos. *aide liste ce que peut son propriétaire, *solde montre le compte.`,
  newOwner: ({ who, group }) => `"${group}" est maintenant à ${who}. *quitter pour sortir du groupe.`,
  ownerLost: ({ who, group }) =>
    `Le propriétaire de "${group}" est absent depuis 7 jours : le groupe est maintenant à ${who}. *quitter pour en sortir.`,

  serviceHelp: ({ lines }) =>
    `${lines.join(' ')} Pour écrire à un groupe, utilisez son numéro. Répondez STOP pour ne plus recevoir nos textos.`,
};

/** As the English one, within one segment as well: no letter in it is outside of GSM-7. */
function firstText({ name, terms }: Brand, news: string, toOwner: boolean): string {
  const replies = toOwner ? 'Réponses au proprio.' : 'Réponses à tous.';
  const text = `${name}: ${news}. ${replies} *quitter, STOP=fin, HELP=aide. Fréq. var., frais msg/données possibles`;
  return addWhereFree(text, terms);
}

function theLast(count: number): string {
  return count === 1 ? 'le dernier' : `les ${count} derniers`;
}

function ifAny(before: string, put: string): string {
  return put === '' ? '' : `${before}${put}`;
}

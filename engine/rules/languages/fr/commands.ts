import { folded } from '../folded.ts';
import type { CommandNames } from '../translated.ts';

/** By the words of the English rows. */
export const commands = folded({
  help: { words: ['aide', 'commandes'], usage: '*aide', does: 'liste vos commandes' },
  who: { words: ['qui', 'membres', 'quiestla'], usage: '*qui', does: 'liste les membres; *qui B ceux en B' },
  add: {
    words: ['ajouter', 'ajoute', 'ajout'],
    usage: '*ajouter NOM NUMÉRO',
    does: 'ajoute; virgules entre plusieurs',
  },
  remove: {
    words: ['retirer', 'retire', 'enlever', 'enleve', 'exclure', 'supprimer', 'supprime'],
    usage: '*retirer NOM',
    does: 'retire un membre',
  },
  name: { words: ['nom', 'renommer', 'surnom', 'pseudo'], usage: '*nom NOUVEAU', does: 'change votre nom' },
  broadcast: {
    words: ['diffuser', 'diffusion', 'porteparole'],
    usage: '*diffuser NOM oui/non',
    does: 'laisse un membre écrire à tous',
  },
  bye: { words: ['quitter', 'quitte', 'aurevoir', 'sortir', 'partir'], usage: '*quitter', does: 'quitte le groupe' },
  hi: { words: ['salut', 'bonjour', 'revenir', 'retour'], usage: '*salut', does: 'vous ramène' },
  on: { words: ['activer', 'allumer'], usage: '*activer', does: 'vous renvoie les textos' },
  off: { words: ['couper', 'desactiver', 'eteindre'], usage: '*couper', does: 'arrête les textos' },
  logout: {
    words: ['deconnexion', 'deconnecter'],
    usage: '*deconnexion',
    does: 'vous déconnecte de toutes les applis',
  },
  mute: {
    words: ['silence', 'muet', 'sourdine'],
    usage: '*silence HEURES',
    does: 'rien pendant 1 à 168 heures',
  },
  batch: {
    words: ['grouper', 'regrouper', 'ensemble'],
    usage: '*grouper',
    does: 'plusieurs textos en un; *direct un par un',
  },
  live: { words: ['direct', 'endirect'], usage: '*direct', does: 'vous envoie chaque texto aussitôt' },
  batches: { words: ['lots'], usage: '*lots oui/non', does: 'réunit les textos trop nombreux' },
  to: {
    words: ['prive', 'a', 'dire'],
    usage: '*prive NOM texte',
    does: 'écrit à un seul; aussi @NOM texte',
  },
  poll: {
    words: ['sondage', 'sondages', 'voter', 'demander'],
    usage: '*sondage Question? a/b/c',
    does: 'demande à tous; *sondage fermer le ferme',
  },
  rsvp: { words: ['presence', 'presences', 'quivient'], usage: '*presence ÉVÉNEMENT', does: 'demande qui vient' },
  pinned: { words: ['epingle', 'epingles'], usage: '*epingle', does: 'montre le texte épinglé' },
  last: {
    words: ['derniers', 'dernier', 'recents', 'historique'],
    usage: '*derniers 5',
    does: 'renvoie les derniers textos, 1 à 10',
  },
  likes: { words: ['jaime', 'aimes', 'reactions'], usage: '*jaime', does: 'montre les textos aimés' },
  pin: {
    words: ['epingler'],
    usage: '*epingler TEXTE',
    does: "l'épingle pour les nouveaux; *epingler, le dernier",
  },
  unpin: { words: ['desepingler', 'detacher'], usage: '*desepingler', does: 'le retire' },
  schedule: {
    words: ['programmer', 'planifier', 'rappel', 'rappeler', 'plustard'],
    usage: '*programmer HEURE texte',
    does: "l'envoie plus tard : demain 19h, chaque mardi 18h",
  },
  schedules: {
    words: ['programmes', 'programme', 'planifies'],
    usage: '*programmes',
    does: 'liste ce qui attend; annuler 7 en retire un',
  },
  zone: {
    words: ['fuseau', 'fuseauhoraire', 'heure'],
    usage: '*fuseau LIEU',
    does: 'règle votre fuseau horaire : Eastern, Denver',
  },
  hours: { words: ['heures', 'horaire', 'nuit'], usage: '*heures 8-21', does: 'garde les textos à tous pour le jour' },
  approval: {
    words: ['approbation', 'moderer', 'verifier'],
    usage: '*approbation oui/non',
    does: 'attend votre OK pour les porte-parole',
  },
  approve: {
    words: ['approuver', 'approuve'],
    usage: '*approuver NUMÉRO',
    does: 'envoie un texto qui attend votre OK',
  },
  decline: { words: ['refuser', 'rejeter'], usage: '*refuser NUMÉRO', does: 'retire un texto qui attend votre OK' },
  list: {
    words: ['liste', 'equipe'],
    usage: '*liste NOM ajouter Bob',
    does: 'fait une liste; @NOM texte la joint',
  },
  lists: { words: ['listes', 'equipes'], usage: '*listes', does: 'montre les listes' },
  forward: { words: ['transfert', 'transferer', 'appels'], usage: '*transfert NUMÉRO', does: 'sonne quand on appelle' },
  invite: { words: ['inviter', 'invitation'], usage: '*inviter', does: 'montre comment entrer par texto' },
  count: { words: ['compter', 'combien', 'total'], usage: '*compter', does: 'compte messages et membres' },
  group: { words: ['groupe'], usage: '*groupe NOUVEAU', does: 'le renomme' },
  digest: { words: ['bilan', 'rapport'], usage: '*bilan oui/non', does: 'dit qui a reçu vos textos à tous' },
  delete: { words: ['effacer', 'efface'], usage: '*effacer NOM DU GROUPE', does: "l'efface" },
  owner: {
    words: ['proprio', 'proprietaire'],
    usage: '*proprio NOM',
    does: 'le cède; *proprio ajouter NOM le partage',
  },
  owners: { words: ['proprios', 'proprietaires'], usage: '*proprios', does: 'les liste' },
  accept: {
    words: ['accepter', 'accepte'],
    usage: '*accepter',
    does: 'reprend un groupe que vous offre son propriétaire',
  },
  balance: { words: ['solde'], usage: '*solde', does: 'montre votre solde' },
  statement: { words: ['releve', 'frais', 'depenses'], usage: '*releve', does: 'montre les frais du mois' },
  language: { words: ['langue', 'langues'], usage: '*langue français', does: 'choisit votre langue' },
} satisfies CommandNames);

/** Those of the service number, by the first words of the English rows; `lines` takes what is no command. */
export const serviceCommands = folded({
  join: {
    words: ['rejoindre', 'joindre'],
    usage: 'REJOINDRE CODE NOM',
    does: 'entre dans un groupe par son code',
  },
  new: { words: ['nouveau', 'creer'], usage: '*nouveau NOM DU GROUPE', does: 'crée un groupe' },
  lines: { words: [], usage: 'NOM NUMÉRO', does: 'ajoute au groupe que vous créez; un ou plusieurs par texto' },
  done: { words: ['fini', 'termine'], usage: '*fini', does: 'crée le groupe commencé' },
  cancel: { words: ['abandonner', 'abandonne'], usage: '*abandonner', does: 'abandonne le groupe commencé' },
  groups: { words: ['groupes', 'groupe'], usage: '*groupes', does: 'liste vos groupes' },
  language: { words: ['langue', 'langues'], usage: '*langue English', does: 'vous écrit en elle' },
  pin: { words: ['pin', 'nip'], usage: 'PIN', does: "vous envoie un PIN pour entrer dans l'appli" },
  logout: commands.logout,
  help: { words: ['aide'], usage: '*aide', does: 'liste ces commandes' },
} satisfies CommandNames);

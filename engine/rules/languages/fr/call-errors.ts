/** What single calls of the API say of an error, by the English sentence of the call. */
export const callErrors: Readonly<Record<string, string>> = {
  'No active group has this invite code.': "Aucun groupe actif n'a ce code d'invitation.",
  'The number is in the group already; if they left it, *hi or /member/hi brings them back.':
    "Ce numéro est déjà dans le groupe; s'il l'a quitté, *salut ou /member/hi le ramène.",
  'The phone number is in no active group.': "Ce numéro n'est dans aucun groupe actif.",
  'The number is not in the group.': "Ce numéro n'est pas dans le groupe.",
  'Never answered: a missing sid is HTTP 401.': "Jamais répondu : sans sid, c'est HTTP 401.",
  'Only the owner of a group can schedule messages.': "Seul le propriétaire d'un groupe peut programmer des messages.",
  'Only the owner of a group can get the message list.':
    "Seul le propriétaire d'un groupe peut voir la liste des messages.",
  'Only the owner of a group can delete the message.': "Seul le propriétaire d'un groupe peut supprimer le message.",
  'The scheduled message can not be found.': 'Le message programmé est introuvable.',
  'There is no message of this id that the caller may read.':
    "Il n'y a pas de message avec cet id que l'appel puisse lire.",
  'The caller has no key of this id that works.': "Vous n'avez pas de clé valable avec cet id.",
  'The caller, or one who is named, is not in the group.':
    "Vous, ou quelqu'un que vous nommez, n'êtes pas dans le groupe.",
  'The group has no list of that name.': "Le groupe n'a pas de liste de ce nom.",
  'Nothing with this id waits: it was decided, or is over.': "Rien n'attend avec cet id : c'est décidé, ou passé.",
  'There is no webhook of this id that is the caller’s.': "Vous n'avez pas de webhook avec cet id.",
};

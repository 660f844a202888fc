import { addWhereFree, cutLines, list } from '../../fit.ts';
import type { Brand, texts as english } from '../../texts.ts';
import { countPeople } from '../../wording.ts';
import type { Translated } from '../translated.ts';

export const texts: Translated<typeof english> = {
  askToActivate: ({ group, members, pin, hours }) =>
    `Creaste el grupo "${group}" con ${countPeople(members)} además de ti. Responde SÍ para activarlo. Aún no le hemos escrito a nadie, y vence en ${hours === 1 ? '1 hora' : `${hours} horas`}.${pin === null ? '' : ` Tu PIN es ${pin}. Nunca te lo pediremos.`}`,
  isOn: ({ group }) =>
    `¡"${group}" está activo! Todos recibieron la bienvenida. Escribe a este número y les llega a todos. *ayuda lista los comandos.`,
  isOnAsked: ({ group }) =>
    `¡"${group}" está activo! Invitamos a todos los que nombraste; entran con su SÍ. Escribe a este número y les llega a todos. *ayuda lista los comandos.`,
  askToJoin: ({ brand, group, by, name, code }) =>
    `${brand.name}: ${by === null ? '' : `${by} te invita. `}¿Entras a "${group}"${name === null ? '' : ` como ${name}`}? Responde SÍ en 72 horas (SÍ ${code} si preguntamos dos veces), o NO. STOP termina todo, HELP ayuda. Aplican tarifas de msj y datos.`,
  notJoined: ({ group }) => `Listo, no entras a "${group}" ni recibes sus mensajes.`,
  notOn: ({ group }) =>
    `"${group}" aún no está activo, y a nadie se le ha escrito. Responde SÍ para activarlo; si no haces nada, vence.`,
  welcome: ({ brand, group, by, toOwner }) => firstText(brand, `${by} te agrega a "${group}"`, toOwner),
  joined: ({ brand, group, toOwner }) => firstText(brand, `ya entraste a "${group}"`, toOwner),
  newcomer: ({ who, group, by }) =>
    by === null ? `${who} entró a "${group}".` : `${by} agregó a ${who} a "${group}".`,
  newcomers: ({ group, who }) => `Nuevos en "${group}": ${list(who, 120)}.`,
  groupClosed: ({ group }) => `El grupo "${group}" se cerró. Lo que escribas a este número ya no le llega a nadie.`,
  groupEnded: ({ group }) =>
    `Su dueño borró el grupo "${group}". Lo que escribas a este número ya no le llega a nadie.`,
  samePin: ({ pin, minutes }) =>
    `Tu PIN es ${pin}, el mismo de antes. Sirve ${minutes === 1 ? '1 minuto más' : `${minutes} minutos más`}. Nunca te lo pediremos.`,
  pin: ({ pin }) => `Tu PIN es ${pin}. Sirve 15 minutos. Nunca te lo pediremos.`,

  scheduledTooLate: ({ group, when }) =>
    `Tu mensaje a "${group}" para ${when} UTC no salió: tuvimos una falla, y habría llegado más de una hora tarde.`,
  scheduledWithoutHours: ({ group, when }) =>
    `Tu mensaje a "${group}" para ${when} UTC no salió: en dos días no hay una hora buena para todos. *horario muestra las horas.`,
  waits: ({ group, when, waiting }) =>
    `Es muy temprano o tarde para ${countPeople(waiting)} de "${group}": tu mensaje les llega a todos el ${when}. Con ! al principio sale ya. *horario muestra las horas.`,
  waitsByLaw: ({ group, when, waiting }) =>
    `Por la ley de donde están, es muy temprano o tarde para escribirle a ${countPeople(waiting)} de "${group}": tu mensaje les llega a todos el ${when}.`,
  noHours: ({ group }) =>
    `Tu mensaje no se envió: en dos días no hay una hora buena para todos en "${group}". *horario muestra las horas, con ! al principio sale ya.`,
  scheduledButSuspended: ({ group, when }) => `Tu mensaje a "${group}" para ${when} UTC no salió: se acabó tu saldo.`,
  scheduledButPaused: ({ group, when }) =>
    `Tu mensaje a "${group}" para ${when} UTC no salió: el grupo está detenido por ahora.`,
  scheduledButLeft: ({ group, when }) =>
    `Tu mensaje a "${group}" para ${when} UTC no salió: saliste del grupo. Escribe *hola para volver.`,
  askDevice: ({ device, code }) =>
    `Alguien quiere los mensajes de grupo de este teléfono en una app en ${device}. Si eres tú, responde SÍ en 30 minutos, o SÍ ${code} si preguntamos dos veces. Si no, ignora esto.`,
  deviceRefused: ({ device }) => `Listo, la app en ${device} no recibe ninguno de tus mensajes de grupo.`,
  whichQuestion: ({ questions }) =>
    `Te preguntamos más de una cosa: dinos a cuál respondes. Responde ${list(questions, 200)}.`,
  deviceOn: ({ device }) => `Tus mensajes de grupo ahora van a la app en ${device}.`,

  stopped: ({ brand }) =>
    `${brand.name}: no recibirás más mensajes nuestros, de ningún grupo. Responde START o INICIAR para deshacerlo.${ifAny(' ¿Dudas? ', brand.support)}`,
  started: ({ brand }) =>
    `${brand.name}: recibes otra vez los mensajes de tus grupos. Responde STOP para terminar, HELP o AYUDA para ayuda.`,
  startedHere: ({ brand, numbers }) =>
    `${brand.name}: recibes otra vez los mensajes de este número. Para tus otros grupos, envía START también a ${list(numbers, 110)}. Responde STOP para terminar todo.`,
  about: ({ brand }) =>
    `${brand.name}: escribe aquí a tu grupo, *ayuda lista los comandos.${ifAny(' ¿Dudas? ', brand.support)} Responde STOP para no recibir más mensajes. Frec variable, aplican tarifas msj/datos.${ifAny(' ', brand.terms)}`,
  memberStopped: ({ who, group }) =>
    `${who} respondió STOP y no recibirá mensajes de "${group}" ni de otros grupos hasta que envíe START.`,
  memberStoppedHere: ({ who, group }) =>
    `${who} respondió STOP y no recibirá mensajes de "${group}" hasta que envíe START al número del grupo.`,
  memberUnreachable: ({ who, group }) =>
    `Cinco veces seguidas no pudimos llegar al teléfono de ${who}, así que "${group}" no le escribe hasta que envíe *prender.`,

  looksLikeLandline: ({ who, group }) =>
    `El número de ${who} parece de teléfono fijo, así que los mensajes de "${group}" quizá no le lleguen. Pide un número de celular.`,
  unknownSender: () =>
    'No estás en un grupo de este número, así que nadie recibió tu mensaje. Pídele al dueño del grupo que te agregue. Responde STOP para no recibir mensajes.',
  comeBack: ({ group }) => `Saliste de "${group}", así que tu mensaje no se envió. Escribe *hola para volver.`,
  comeBackFirst: ({ group, word }) =>
    `Saliste de "${group}", así que *${word} no hizo nada. Escribe *hola para volver.`,
  suspended: ({ group }) =>
    `"${group}" está en pausa (*adios para salir): se acabó el saldo de su dueño, así que tu mensaje no se envió.`,
  paused: ({ group }) => `"${group}" está detenido por ahora (*adios para salir), así que tu mensaje no se envió.`,
  stopOffered: ({ group }) =>
    `Nadie en "${group}" recibió eso. Para no recibir más mensajes, responde STOP. Para salir solo de este grupo, escribe *adios. Para enviarlo, responde ENVIAR.`,
  whoThisIs: ({ by, owner, group }) =>
    `Este es el grupo de mensajes "${group}": ${by === null ? 'te agregaron' : `${by} te agregó`}${owner === null ? '' : `, y es de ${owner}`}. *adios para salir, STOP termina todos nuestros mensajes. Nadie recibió tu pregunta: para enviarla, responde ENVIAR.`,
  stopOfferedStaged: ({ group }) =>
    `"${group}" no está activo, y a nadie se le ha escrito. Para no recibir más mensajes nuestros, responde STOP.`,
  ownerSilent: ({ group }) =>
    `El dueño de "${group}" no recibe sus mensajes por ahora, así que el tuyo espera en su app.`,
  ownerLeft: ({ group }) => `El dueño de "${group}" salió del grupo, así que nadie recibió tu mensaje.`,
  tooManyTexts: ({ limit }) =>
    `Son más de ${limit} mensajes en un minuto, así que los últimos no se enviaron. Espera un minuto.`,
  autoResponder: ({ who, group }) =>
    `El teléfono de ${who} le manda a "${group}" siempre lo mismo, como una respuesta automática. Ya no lo pasamos.`,
  autoResponders: ({ who: [one = '', other = ''], group }) =>
    `Los teléfonos de ${one} y ${other} no paran de responderse en "${group}", como respuestas automáticas. Ya no las pasamos.`,

  muteOver: ({ group, missed, isMore, last }) => {
    const count = `${isMore ? 'más de ' : ''}${missed === 1 ? '1 mensaje' : `${missed} mensajes`}`;
    const again = `Recibes "${group}" otra vez. ${missed === 0 ? 'No te perdiste ninguno' : `Te perdiste ${count}`}`;
    if (last.length === 0) return `${again}. *silenciar HORAS lo silencia.`;
    return cutLines(`${again}${last.length === missed ? ':' : `; ${theLast(last.length)}:`}`, last);
  },

  bundle: ({ group, said }) =>
    [`${said.length} mensajes${group === null ? '' : ` en "${group}"`}:`, ...said].join('\n'),

  whoIsOff: ({ group }) => `Solo el dueño de "${group}" puede ver quién está.`,
  help: ({ group, lines }) =>
    `Comandos en "${group}":\n${lines.join('\n')}\nResponde STOP para no recibir más mensajes.`,
  helpOfOwners: () => '*ayuda 2 lista lo que pueden los dueños',
  unknownCommand: ({ word, nearest }) =>
    `No existe el comando ${word}. ¿Querías decir ${nearest}? *ayuda lista los comandos. No se envió nada al grupo.`,
  ownerOnly: ({ group }) =>
    `Solo el dueño de "${group}" puede hacer eso. *ayuda lista lo que puedes hacer. No se envió nada al grupo.`,
  howToStop: ({ group }) =>
    `Para no recibir mensajes nuestros, de ningún grupo, responde STOP sin asterisco. Para salir solo de "${group}", escribe *adios. No se envió nada al grupo.`,
  howToLeave: ({ group }) =>
    `Para salir de "${group}", escribe *adios. Para no recibir mensajes nuestros, de ningún grupo, responde STOP sin asterisco. No se envió nada al grupo.`,
  usage: ({ usage, does }) => `${usage}: ${does}. Escríbelo así. No se envió nada al grupo.`,
  refused: ({ about, says }) => `${about === null ? '' : `${about}: `}${says} No se cambió nada.`,
  noNumberFree: () =>
    'No tenemos un número libre para una de estas personas. Prueba otra vez más tarde. No se cambió nada.',
  noNumberYet: ({ group }) =>
    `"${group}" aún no está activo: no tenemos un número libre para una de sus personas. Responde SÍ otra vez más tarde.`,
  addIsOff: ({ group }) => `Solo el dueño de "${group}" puede agregar miembros. *invitar muestra cómo entrar.`,
  accountChanged: ({ brand, changes }) =>
    `${brand.name}: tu cuenta tiene una nueva ${changes.join(' y una nueva ')}. Si no fuiste tú, escribe *desconectar a este número: cierra todas las sesiones y claves de tus apps.`,
  loggedOut: () => 'Saliste de todas las apps. Quien usaba tus sesiones o claves ya no puede.',
  lowBalance: ({ balance, suspended }) =>
    suspended
      ? `Se acabó tu saldo para mensajes de grupo (${balance}): tus grupos están en pausa y sus mensajes no salen. Paga en la app para reactivarlos.`
      : `Tu saldo para mensajes de grupo bajó a ${balance}. Cuando se acabe, tus grupos quedan en pausa y sus mensajes no salen. Paga en la app para que sigan.`,
  digest: (sums) =>
    `"${sums.group}", mensaje ${sums.id}: le llegó a ${sums.delivered}, falló con ${sums.failed.length === 0 ? '0' : `${sums.failed.length} (${list(sums.failed, 110)})`}, de baja ${sums.optedOut}${sums.open === 0 ? '' : `, en camino a ${sums.open}`}${sums.silent === 0 ? '' : `, sin mensajes ${sums.silent}`}.`,

  offer: ({ by, group }) =>
    `${by} quiere que tomes el grupo "${group}": sería tuyo y pagarías sus mensajes. Responde SÍ o NO en 72 horas.`,
  offerLost: ({ group }) =>
    `El dueño de "${group}" no está desde hace 7 días. ¿Lo tomas? Sería tuyo y pagarías sus mensajes. Responde SÍ o NO en 72 horas.`,
  offerByUs: ({ group }) =>
    `"${group}" necesita dueño. ¿Lo tomas? Sería tuyo y pagarías sus mensajes. Responde SÍ o NO en 72 horas.`,
  offerLater: ({ group }) =>
    `Tu mensaje se envió a "${group}". Para tomar el grupo y pagar sus mensajes, escribe *aceptar.`,
  nowCoOwner: ({ by, group }) => `Ahora manejas "${group}" junto con ${by}. *ayuda lista lo que puedes hacer.`,
  declined: ({ group }) => `No tomaste "${group}". Nada cambia.`,
  offerDeclined: ({ who, group }) => `${who} no quiere tomar "${group}", así que sigue siendo tuyo.`,
  nowYours: ({ group }) =>
    `"${group}" ya es tuyo: tu cuenta paga sus mensajes. *ayuda lista lo que puede su dueño, *saldo muestra la cuenta.`,
  newOwner: ({ who, group }) => `"${group}" ahora es de ${who}. *adios para salir del grupo.`,
  ownerLost: ({ who, group }) =>
    `El dueño de "${group}" no está desde hace 7 días, así que ahora es de ${who}. *adios para salir del grupo.`,

  serviceHelp: ({ lines }) =>
    `${lines.join(' ')} Para escribirle a un grupo, usa su número. Responde STOP para no recibir más mensajes.`,
};

/** As the English one, within one segment as well: no letter in it is outside of GSM-7. */
function firstText({ name, terms }: Brand, news: string, toOwner: boolean): string {
  const replies = toOwner ? 'Respondes al dueño.' : 'Respondes a todos.';
  const text = `${name}: ${news}. ${replies} *adios=salir STOP=fin HELP=ayuda. Frec variable, aplican tarifas msj/datos`;
  return addWhereFree(text, terms);
}

function theLast(count: number): string {
  return count === 1 ? 'el último' : `los últimos ${count}`;
}

function ifAny(before: string, put: string): string {
  return put === '' ? '' : `${before}${put}`;
}

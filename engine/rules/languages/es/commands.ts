import { folded } from '../folded.ts';
import type { CommandNames } from '../translated.ts';

/** By the words of the English rows. */
export const commands = folded({
  help: { words: ['ayuda', 'comandos'], usage: '*ayuda', does: 'lista tus comandos' },
  who: {
    words: ['quien', 'quienes', 'miembros', 'integrantes'],
    usage: '*quien',
    does: 'lista miembros; *quien B, los de la B',
  },
  add: {
    words: ['agregar', 'agrega', 'anadir', 'anade', 'sumar'],
    usage: '*agregar NOMBRE NÚMERO',
    does: 'agrega; varios con comas',
  },
  remove: {
    words: ['quitar', 'quita', 'sacar', 'saca', 'eliminar', 'elimina', 'expulsar'],
    usage: '*quitar NOMBRE',
    does: 'quita a alguien',
  },
  name: { words: ['nombre', 'apodo', 'renombrar'], usage: '*nombre NUEVO', does: 'cambia tu nombre' },
  broadcast: {
    words: ['difundir', 'difusion', 'vocero', 'voceros'],
    usage: '*difundir NOMBRE si/no',
    does: 'deja que escriba a todos',
  },
  bye: { words: ['adios', 'chao', 'chau', 'salir', 'salirme', 'irme'], usage: '*adios', does: 'te saca del grupo' },
  hi: { words: ['hola', 'volver', 'vuelvo', 'regresar'], usage: '*hola', does: 'te trae de vuelta' },
  on: { words: ['prender', 'encender', 'activar'], usage: '*prender', does: 'te manda mensajes otra vez' },
  off: { words: ['apagar', 'desactivar'], usage: '*apagar', does: 'no te manda mensajes' },
  logout: {
    words: ['desconectar', 'cerrarsesion'],
    usage: '*desconectar',
    does: 'cierra tu sesión en todas las apps',
  },
  mute: {
    words: ['silenciar', 'silencio', 'callar'],
    usage: '*silenciar HORAS',
    does: 'nada por 1 a 168 horas',
  },
  batch: {
    words: ['juntar', 'juntos', 'agrupar'],
    usage: '*juntar',
    does: 'varios mensajes en uno; *directo uno por uno',
  },
  live: { words: ['directo', 'envivo'], usage: '*directo', does: 'te manda cada mensaje al instante' },
  batches: { words: ['lotes'], usage: '*lotes si/no', does: 'junta mensajes cuando hay muchos' },
  to: {
    words: ['privado', 'a', 'decir', 'dile'],
    usage: '*privado NOMBRE texto',
    does: 'escribe solo a uno; o @NOMBRE texto',
  },
  poll: {
    words: ['encuesta', 'encuestas', 'votar', 'votacion', 'preguntar'],
    usage: '*encuesta ¿Pregunta? a/b/c',
    does: 'pregunta a todos; *encuesta cerrar la cierra',
  },
  rsvp: { words: ['asistencia', 'asistir', 'quienviene'], usage: '*asistencia EVENTO', does: 'pregunta quién viene' },
  pinned: { words: ['fijado', 'fijados'], usage: '*fijado', does: 'muestra lo fijado' },
  last: {
    words: ['ultimos', 'ultimo', 'recientes', 'historial'],
    usage: '*ultimos 5',
    does: 'manda otra vez los últimos, 1 a 10',
  },
  likes: { words: ['megusta', 'reacciones'], usage: '*megusta', does: 'muestra lo que gustó' },
  pin: { words: ['fijar', 'fija'], usage: '*fijar TEXTO', does: 'lo fija para los nuevos; *fijar, el último' },
  unpin: { words: ['desfijar'], usage: '*desfijar', does: 'quita lo fijado' },
  schedule: {
    words: ['programar', 'programa', 'recordar', 'recordatorio'],
    usage: '*programar HORA texto',
    does: 'lo manda después: mañana 7pm, cada martes 18:00',
  },
  schedules: {
    words: ['programados', 'programado', 'pendientes'],
    usage: '*programados',
    does: 'lista lo pendiente; cancelar 7 lo anula',
  },
  zone: {
    words: ['zona', 'zonahoraria', 'hora'],
    usage: '*zona LUGAR',
    does: 'pone tu zona horaria: Eastern, Denver',
  },
  hours: { words: ['horario', 'horas', 'noche'], usage: '*horario 8-21', does: 'deja para el día lo que va a todos' },
  approval: {
    words: ['aprobacion', 'moderar', 'revisar'],
    usage: '*aprobacion si/no',
    does: 'retiene lo de los voceros para tu OK',
  },
  approve: {
    words: ['aprobar', 'aprueba', 'apruebo'],
    usage: '*aprobar NÚMERO',
    does: 'envía un mensaje que espera tu OK',
  },
  decline: {
    words: ['rechazar', 'rechaza', 'rechazo'],
    usage: '*rechazar NÚMERO',
    does: 'descarta un mensaje que espera tu OK',
  },
  list: {
    words: ['lista', 'equipo', 'seccion'],
    usage: '*lista NOMBRE agregar Bob',
    does: 'crea una lista; @NOMBRE texto le llega',
  },
  lists: { words: ['listas', 'equipos'], usage: '*listas', does: 'muestra las listas' },
  forward: { words: ['desviar', 'desvio', 'llamadas'], usage: '*desviar NÚMERO', does: 'suena si llaman' },
  invite: { words: ['invitar', 'invita', 'invitacion'], usage: '*invitar', does: 'muestra cómo entrar por mensaje' },
  count: { words: ['contar', 'cuantos', 'total'], usage: '*contar', does: 'cuenta mensajes y miembros' },
  group: { words: ['grupo'], usage: '*grupo NUEVO', does: 'le cambia el nombre' },
  digest: { words: ['resumen', 'informe'], usage: '*resumen si/no', does: 'dice quién recibió lo tuyo a todos' },
  delete: { words: ['borrar', 'borra'], usage: '*borrar NOMBRE DEL GRUPO', does: 'lo borra' },
  owner: {
    words: ['dueno', 'duena', 'propietario', 'propietaria'],
    usage: '*dueño NOMBRE',
    does: 'lo entrega; *dueño agregar NOMBRE lo comparte',
  },
  owners: { words: ['duenos', 'duenas', 'propietarios'], usage: '*dueños', does: 'lista a los dueños' },
  accept: { words: ['aceptar', 'acepto'], usage: '*aceptar', does: 'toma un grupo que te ofrecieron' },
  balance: { words: ['saldo'], usage: '*saldo', does: 'muestra tu saldo' },
  statement: { words: ['gastos', 'cobros'], usage: '*gastos', does: 'muestra el gasto del mes' },
  language: { words: ['idioma', 'idiomas', 'lengua'], usage: '*idioma español', does: 'elige tu idioma' },
} satisfies CommandNames);

/** Those of the service number, by the first words of the English rows; `lines` takes what is no command. */
export const serviceCommands = folded({
  join: {
    words: ['unirme', 'unir', 'unirse'],
    usage: 'UNIRME CÓDIGO NOMBRE',
    does: 'te mete en un grupo con su código',
  },
  new: { words: ['nuevo', 'crear'], usage: '*nuevo NOMBRE DEL GRUPO', does: 'crea un grupo' },
  lines: { words: [], usage: 'NOMBRE NÚMERO', does: 'agrega a alguien al grupo que creas; una o varias por mensaje' },
  done: { words: ['listo', 'hecho'], usage: '*listo', does: 'crea el grupo que empezaste' },
  cancel: { words: ['descartar', 'anular'], usage: '*descartar', does: 'descarta el grupo que empezaste' },
  groups: { words: ['grupos', 'grupo'], usage: '*grupos', does: 'lista tus grupos' },
  language: { words: ['idioma', 'idiomas', 'lengua'], usage: '*idioma English', does: 'te escribe en él' },
  pin: { words: ['pin'], usage: 'PIN', does: 'te manda un PIN para entrar a la app' },
  logout: commands.logout,
  help: { words: ['ayuda'], usage: '*ayuda', does: 'lista estos comandos' },
} satisfies CommandNames);

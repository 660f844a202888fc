import { foldAccents } from '../../text.ts';
import { folded } from '../folded.ts';
import type { Words } from '../translated.ts';

/**
 * Spanish as it is spoken in the United States and in Mexico: readers are "tú", a text is a "mensaje". What GSM-7 lacks
 * loses its accent when it is sent, so no sentence depends on one.
 */
export const words: Words = folded({
  locale: 'es-US',
  owner: 'dueño',
  coOwner: 'codueño',
  left: 'salió',
  youLeft: 'saliste',
  account: { F: 'gratis', T: 'de prueba', P: 'de pago' },
  notAdded: {
    noName: 'sin nombre',
    badName: 'no es nombre de persona',
    longName: 'nombre muy largo',
    sameName: 'ese nombre ya está',
    ownName: 'es tu nombre',
    samePhone: 'ese número ya está',
    ownPhone: 'es tu número',
    full: 'grupo lleno',
  },
  nameFaults: {
    star: 'empezar con asterisco: parecería un comando',
    phone: 'ser un número de teléfono: sus mensajes podrían llegarle a otra persona',
    colon: 'llevar dos puntos: lo que sigue parecería un mensaje',
    address: 'llevar una dirección web',
  },
  devices: { iphone: 'un iPhone', iphone_no_notify: 'un iPhone', android: 'un teléfono Android' },
  theAppOn: (device) => `la app en ${device}`,
  yesFor: ({ code, what }) => `${foldAccents('SÍ')} ${code} para ${what}`,
  accountChanges: { password: 'contraseña', email: 'dirección de correo', card: 'tarjeta', key: 'clave de API' },
  entries: {
    trial: 'crédito de prueba',
    grant: 'crédito',
    adjustment: 'ajustes',
    segments: 'mensajes',
    refund: 'mensajes devueltos',
    charge: 'pagos con tarjeta',
    payment_refund: 'pagos devueltos',
    payment_failed: 'pagos fallidos',
    dispute: 'pagos en disputa',
  },
  people: (count) => (count === 1 ? '1 persona' : `${count} personas`),
  more: (shown, count) => `${shown} y ${count} más`,
  moreLines: (count) => `y ${count} más`,
  pictures: (count) => (count === 1 ? '1 foto' : `${count} fotos`),
  attachments: (count) => (count === 1 ? '1 adjunto' : `${count} adjuntos`),
  picture: 'foto',
  headCount: '*asistencia',
  poll: { yes: 'sí', no: 'no', maybe: 'tal vez' },
  hours: (from, until) => `las ${from} y las ${until}`,
  days: ['dom', 'lun', 'mar', 'mié', 'jue', 'vie', 'sáb'],
  everyDay: 'cada día',
  everyWeekday: 'de lunes a viernes',
  every: (days) => `cada ${days.join(' y ')}`,
  repeated: ({ days, hour, first }) =>
    `${days} a ${hour.startsWith('1:') ? 'la' : 'las'} ${hour}, ${foldAccents('próximo')}: ${first}`,
});

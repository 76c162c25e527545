// What the phone's page says, in the phone's own language.
export const WORDS = {
  en: {
    title: 'Approvals', stop: 'Stop all', code: 'Code from the desk (Settings, People)', link: 'Link this phone', kind: { opportunity: 'Worth buying', second: 'Needs a second person', again: 'Changed since it was approved' }, yes: { opportunity: 'Approve', second: 'Agree', again: 'Approve anew' }, no: { opportunity: 'Skip', second: 'Decline', again: 'Give up' },
    drift: { unit: 'Unit price', total: 'Total', quantity: 'In stock', fees: 'Fees of a unit' }, from: '{quantity} from {source}', changed: '{what}: {before} before, {after} now', most: 'At most', profit: 'Profit ≈', loss: 'Loss chance', days: 'Days to sell ≈', unknown: 'unknown', agreed: 'Agreed: {names}', ends: 'Runs out in {hours} h', another: 'Another person needed',
    done: { approved: 'Approved. The purchase goes out.', 'waits-for-second': 'Noted. Another person has to agree as well.', refused: 'Declined.', 'asks-again': 'It ran out meanwhile and asks again.' },
    advice: { LIMIT: 'Your limits do not allow this.', KILL_SWITCH: 'Everything that goes out is stopped.', STALE: 'The figures changed. Look again.', NOT_OPEN: 'It is no longer open.', WRONG_STATE: 'It was decided meanwhile.', SAME_PERSON: 'You agreed already: another person is needed.', SIGNED_OUT: 'This phone is not linked, or no longer. Ask the desk for a new code.' },
    stopped: 'Everything that goes out is stopped. The desk can allow it again.', nothing: 'Nothing waits for you, {name}.', silent: 'The desk does not answer.', unreachable: 'The desk cannot be reached. Nothing was decided.', often: 'Too many attempts: wait a minute.',
  },
  fr: {
    title: 'Approbations', stop: 'Tout arrêter', code: 'Code affiché au bureau (Réglages, Personnes)', link: 'Lier ce téléphone', kind: { opportunity: 'Vaut l’achat', second: 'Demande une deuxième personne', again: 'A changé depuis l’approbation' }, yes: { opportunity: 'Approuver', second: 'D’accord', again: 'Approuver à nouveau' }, no: { opportunity: 'Passer', second: 'Refuser', again: 'Abandonner' },
    drift: { unit: 'Prix unitaire', total: 'Total', quantity: 'En stock', fees: 'Frais par unité' }, from: '{quantity} chez {source}', changed: '{what} : {before} avant, {after} maintenant', most: 'Au plus', profit: 'Bénéfice ≈', loss: 'Risque de perte', days: 'Jours de vente ≈', unknown: 'inconnu', agreed: 'D’accord : {names}', ends: 'Expire dans {hours} h', another: 'Une autre personne est nécessaire',
    done: { approved: 'Approuvé. L’achat part.', 'waits-for-second': 'Noté. Une autre personne doit aussi donner son accord.', refused: 'Refusé.', 'asks-again': 'Le délai a expiré entre-temps : la question est posée à nouveau.' },
    advice: { LIMIT: 'Vos limites ne le permettent pas.', KILL_SWITCH: 'Tout ce qui sort est arrêté.', STALE: 'Les chiffres ont changé. Regardez à nouveau.', NOT_OPEN: 'Ce n’est plus ouvert.', WRONG_STATE: 'La décision a été prise entre-temps.', SAME_PERSON: 'Vous avez déjà donné votre accord : il faut une autre personne.', SIGNED_OUT: 'Ce téléphone n’est pas lié, ou ne l’est plus. Demandez un nouveau code au bureau.' },
    stopped: 'Tout ce qui sort est arrêté. Le bureau peut le permettre à nouveau.', nothing: 'Rien ne vous attend, {name}.', silent: 'Le bureau ne répond pas.', unreachable: 'Le bureau est injoignable. Rien n’a été décidé.', often: 'Trop de tentatives : attendez une minute.',
  },
  ar: {
    title: 'الموافقات', stop: 'إيقاف الكل', code: 'الرمز المعروض على المكتب (الإعدادات، الأشخاص)', link: 'ربط هذا الهاتف', kind: { opportunity: 'يستحق الشراء', second: 'يحتاج إلى شخص ثان', again: 'تغيّر منذ الموافقة عليه' }, yes: { opportunity: 'موافقة', second: 'أوافق', again: 'موافقة من جديد' }, no: { opportunity: 'تخطٍّ', second: 'رفض', again: 'تخلٍّ' },
    drift: { unit: 'سعر الوحدة', total: 'المجموع', quantity: 'المتوفر', fees: 'رسوم الوحدة' }, from: '{quantity} من {source}', changed: '{what}: {before} سابقا، {after} الآن', most: 'على الأكثر', profit: 'الربح ≈', loss: 'احتمال الخسارة', days: 'أيام البيع ≈', unknown: 'غير معروف', agreed: 'وافق: {names}', ends: 'ينتهي خلال {hours} ساعة', another: 'يلزم شخص آخر',
    done: { approved: 'تمت الموافقة. ستُنفَّذ عملية الشراء.', 'waits-for-second': 'سُجّل ذلك. يجب أن يوافق شخص آخر أيضا.', refused: 'رُفض.', 'asks-again': 'انتهت المهلة في هذه الأثناء، ويُسأل من جديد.' },
    advice: { LIMIT: 'حدودك لا تسمح بذلك.', KILL_SWITCH: 'أُوقف كل ما يخرج.', STALE: 'تغيّرت الأرقام. انظر من جديد.', NOT_OPEN: 'لم يعد مفتوحا.', WRONG_STATE: 'اتُّخذ القرار في هذه الأثناء.', SAME_PERSON: 'لقد وافقت من قبل: يلزم شخص آخر.', SIGNED_OUT: 'هذا الهاتف غير مربوط، أو لم يعد كذلك. اطلب رمزا جديدا من المكتب.' },
    stopped: 'أُوقف كل ما يخرج. يمكن للمكتب أن يسمح به من جديد.', nothing: 'لا شيء ينتظرك يا {name}.', silent: 'المكتب لا يجيب.', unreachable: 'تعذّر الوصول إلى المكتب. لم يُتَّخذ أي قرار.', often: 'محاولات كثيرة: انتظر دقيقة.',
  },
};

/** The first language of the phone that there are words for. */
export const languageOf = (wanted) => wanted.map((tag) => tag.toLowerCase().split('-')[0]).find((tag) => tag in WORDS) ?? 'en';
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));

/** What people write to a shop: short, in many scripts, so that every layer meets more than ASCII. */
export interface Language {
  readonly names: readonly string[];
  readonly asked: readonly string[];
  readonly answered: readonly string[];
}

export const LANGUAGES: readonly Language[] = [
  {
    names: ['Alice Morgan', 'Ben O’Neill', 'Chloe Tan', 'Dwayne Brooks', 'Ella-Rose Whitaker'],
    asked: [
      'Hi, is this still available?',
      'Where is my order?',
      'Can I change the delivery address?',
      'thanks!!',
      'ok',
      'The parcel arrived damaged, one of the cups is broken.',
      'Do you ship to Ireland?',
      'How much is it with express shipping?',
    ],
    answered: [
      'Hello! Yes, it is. Shall we reserve one for you?',
      'It left our warehouse this morning.',
      'We are sorry about that. A replacement is on its way.',
      'You are welcome, have a nice day!',
    ],
  },
  {
    names: ['Jürgen Groß', 'Anneliese Müller', 'Zoë Schäfer', 'Heiko Weiß'],
    asked: [
      'Guten Tag, wann öffnen Sie morgen?',
      'Könnten Sie mir die Größe L zurücklegen?',
      'Die Rechnung über 49,90 € fehlt noch.',
      'Super, danke schön!',
    ],
    answered: [
      'Gern geschehen, schöne Grüße aus Köln.',
      'Wir haben Ihre Bestellung gefunden, sie ist unterwegs.',
      'Das tut uns leid, wir prüfen das sofort.',
    ],
  },
  {
    names: ['María José Núñez', 'Íñigo Peña', 'Lucía Gutiérrez'],
    asked: ['¿Cuánto cuesta el envío a Málaga?', '¡Muchísimas gracias!', '¿Tienen este modelo en azul?'],
    answered: ['¡Claro que sí! Mañana lo enviamos.', 'El precio es de 25 €, envío incluido.'],
  },
  {
    names: ['Éloïse Lefèvre', 'François Bœuf', 'Maëlle D’Arcy'],
    asked: ['Bonjour, j’ai reçu le mauvais colis…', 'C’est noté, merci beaucoup', 'Où en est ma commande ?'],
    answered: ['Nous vérifions ça tout de suite.', 'Votre colis arrive demain à 14 h.'],
  },
  {
    names: ['João Gonçalves', 'Conceição Araújo'],
    asked: ['Vocês entregam em São Paulo?', 'Não chegou até agora', 'Obrigada, até amanhã!'],
    answered: ['Já está a caminho, chega amanhã.', 'Desculpe a demora na resposta.'],
  },
  {
    names: ['Nguyễn Thị Hồng', 'Trần Văn Đức'],
    asked: ['Cái này còn hàng không shop?', 'Shop ơi, phí ship về Đà Nẵng bao nhiêu ạ?'],
    answered: ['Dạ còn ạ, mình lấy size nào?', 'Cảm ơn bạn đã ủng hộ shop.'],
  },
  {
    names: ['สมชาย ใจดี', 'กนกวรรณ แสงทอง'],
    asked: ['สวัสดีค่ะ มีของพร้อมส่งไหมคะ', 'ขอบคุณมากครับ'],
    answered: ['พร้อมส่งค่ะ รับกี่ชิ้นดีคะ', 'จัดส่งแล้วนะคะ'],
  },
  {
    names: ['أحمد الخطيب', 'فاطمة الزهراء'],
    asked: ['مرحبا، هل المنتج متوفر؟', 'شكراً جزيلاً', 'متى يصل الطلب رقم ١٢٣٤؟'],
    answered: ['نعم، متوفر لدينا الآن.', 'سيصل الطلب خلال يومين.'],
  },
  {
    names: ['דוד לוי', 'נועה כהן'],
    asked: ['שלום, האם יש משלוח לחיפה?', 'תודה רבה'],
    answered: ['כן, המשלוח מגיע תוך שלושה ימים.'],
  },
  {
    names: ['अनिल शर्मा', 'सुनीता वर्मा'],
    asked: ['नमस्ते, क्या यह उपलब्ध है?', 'धन्यवाद'],
    answered: ['जी हाँ, आज ही भेज देंगे।'],
  },
  {
    names: ['田中 さくら', '髙橋 健', '𠮷野 美咲'],
    asked: ['こんにちは、在庫はありますか?', '注文した商品がまだ届きません。', 'ありがとうございます!'],
    answered: ['はい、すぐに発送いたします。', 'ご不便をおかけして申し訳ございません。'],
  },
  {
    names: ['王小明', '陳美玲'],
    asked: ['你好,請問還有貨嗎?', '什么时候发货?', '好的,谢谢'],
    answered: ['您好,今天就可以寄出。', '已经发货,请注意查收。'],
  },
  {
    names: ['김민지', '박서준'],
    asked: ['안녕하세요, 재고 있나요?', '배송은 언제 되나요?'],
    answered: ['네, 오늘 바로 보내드리겠습니다.'],
  },
  {
    names: ['Олег Иванов', 'Наталія Шевченко'],
    asked: ['Здравствуйте, есть ли доставка в Самару?', 'Спасибо большое', 'Коли буде моє замовлення?'],
    answered: ['Добрый день! Да, доставим за три дня.', 'Ваш заказ уже в пути.'],
  },
  {
    names: ['Çağla Şimşek', 'Işıl Öztürk'],
    asked: ['Merhaba, bu ürün ne zaman gelir?', 'İade etmek istiyorum, nasıl yapacağım?'],
    answered: ['Tabii, hemen yardımcı oluyoruz.'],
  },
  {
    names: ['Łukasz Żółć', 'Agnieszka Ślęzak'],
    asked: ['Dzień dobry, czy mogę odebrać osobiście?', 'Dziękuję, wszystko się zgadza'],
    answered: ['Oczywiście, zapraszamy do 18:00.'],
  },
  {
    names: ['Γιώργος Παπαδόπουλος'],
    asked: ['Καλημέρα, πόσο κάνει;', 'Ευχαριστώ πολύ'],
    answered: ['Καλημέρα! 15 ευρώ με τα μεταφορικά.'],
  },
];

/** Emoji as people send them: pairs of surrogates, joined sequences, flags, skin tones, key caps. */
export const EMOJI: readonly string[] = [
  '👍',
  '😂',
  '❤️',
  '🙏🏽',
  '👩‍👩‍👧‍👦',
  '🏳️‍🌈',
  '🇩🇪',
  '🎉🎉🎉',
  '1️⃣',
  '🧑🏿‍🚀',
  '🥲',
  ':-)',
];

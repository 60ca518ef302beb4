/**
 * Further words for the groups of synonyms, by the first word of each: Italian; Dutch; Polish; Turkish. Verbs as people
 * ask with them: the infinitive and the command.
 */
export const moreLanguages: Readonly<Record<string, string>> = {
  delete:
    "eliminare, elimina, cancellare, cancella, rimuovere, rimuovi, togliere, togli, cestina, verwijderen, verwijder, wissen, wis, weggooien, gooi weg, usuń, usunąć, skasuj, skasować, wyrzuć, sil, silmek, kaldır",
  create:
    "creare, crea, aprire un nuovo, fare, fai, aanmaken, maak, maken, maak aan, utwórz, utworzyć, stwórz, załóż, oluştur, oluşturmak, yarat, aç bir",
  add: "aggiungere, aggiungi, inserire, inserisci, metti, toevoegen, voeg toe, voeg, zet, dodaj, dodać, ekle, eklemek",
  update:
    "aggiornare, aggiorna, modificare, modifica, cambiare, cambia, correggere, correggi, rinominare, rinomina, wijzigen, wijzig, aanpassen, pas aan, bewerken, bewerk, verander, hernoem, bijwerken, zmień, zmienić, edytuj, popraw, zaktualizuj, güncelle, değiştir, düzenle, düzelt",
  get: "mostrare, mostra, mostrami, vedere, fammi vedere, leggere, leggi, visualizza, tonen, toon, laat zien, bekijken, bekijk, lezen, lees, pokaż, wyświetl, zobacz, przeczytaj, göster, oku, getir, bak",
  open: "aprire, apri, openen, otwórz, otworzyć, aç, açmak",
  list: "elencare, elenca, elenco, lista, tutti, tutte, quali, opsommen, lijst, welke, alle, overzicht, lista, wymień, wszystkie, jakie, które, listele, liste, tüm, bütün, hangi, neler",
  search:
    "cercare, cerca, trovare, trova, ricerca, zoeken, zoek, opzoeken, vinden, vind, szukaj, wyszukaj, znajdź, poszukaj, aramak, bul, bulmak",
  count: "contare, conta, quanti, quante, tellen, hoeveel, policz, ile, kaç",
  send: "inviare, invia, mandare, manda, spedisci, spedire, versturen, verstuur, sturen, stuur, verzenden, verzend, wyślij, wysłać, gönder, göndermek, yolla",
  post: "pubblicare, pubblica, scrivere, scrivi, annunciare, avvisare, avvisa, plaatsen, melden, schrijf, laat weten, opublikuj, napisz, powiadom, ogłoś, yayınla, paylaş, yaz, duyur, haber ver",
  write:
    "scrivere, scrivi, preparare, prepara, schrijven, schrijf, opstellen, stel op, napisz, przygotuj, yaz, yazmak, hazırla",
  reply:
    "rispondere, rispondi, risposta, antwoorden, antwoord, beantwoorden, beantwoord, odpowiedz, odpisz, yanıtla, cevapla, cevap ver, yanıt",
  forward: "inoltrare, inoltra, doorsturen, stuur door, przekaż dalej, ilet",
  comment:
    "commentare, commenta, commento, commenti, reageer, reactie, opmerking, opmerkingen, skomentuj, komentarz, komentarze, yorum, yorumla, yorumlar",
  cancel:
    "annullare, annulla, disdire, disdici, fermare, ferma, interrompi, annuleren, annuleer, afzeggen, zeg af, stoppen, odwołaj, anuluj, zatrzymaj, przerwij, iptal, iptal et, durdur",
  run: "eseguire, esegui, avviare, avvia, lanciare, lancia, starten, uitvoeren, voer uit, uruchom, odpal, çalıştır, başlat",
  retry:
    "rieseguire, riesegui, riavviare, riavvia, rilancia, riprova, ripetere, ripeti, da capo, di nuovo, opnieuw, herhalen, herhaal, herstarten, ponów, ponownie, jeszcze raz, powtórz, yeniden çalıştır, tekrar, yeniden",
  restore:
    "ripristinare, ripristina, recuperare, recupera, herstellen, herstel, terughalen, haal terug, przywróć, odzyskaj, geri al, kurtar, geri yükle",
  move: "spostare, sposta, trasferire, trasferisci, verplaatsen, verplaats, przenieś, przesuń, taşı, taşımak",
  reschedule:
    "rimandare, rimanda, rinviare, rinvia, posticipare, posticipa, anticipare, verzetten, verzet, uitstellen, verschuif, przełóż, przesuń, ertele, ötele",
  schedule:
    "programmare, programma, pianificare, pianifica, inplannen, plan in, plannen, zaplanuj, planla, zamanla",
  book: "prenotare, prenota, fissare, fissa, boeken, boek, reserveren, reserveer, afspreken, zarezerwuj, umów, randevu al, ayarla, rezerve et",
  remind:
    "ricordare, ricordami, promemoria, herinneren, herinner, herinnering, przypomnij, przypomnienie, hatırlat, hatırlatma",
  copy: "copiare, copia, duplicare, duplica, kopiëren, kopieer, skopiuj, kopia, kopyala, kopya, çatalla",
  merge: "unire, unisci, fondere, fondi, samenvoegen, voeg samen, scal, połącz, birleştir",
  approve: "approvare, approva, goedkeuren, keur goed, zatwierdź, onayla",
  accept: "accettare, accetta, accepteren, accepteer, aannemen, akceptuj, przyjmij, kabul et",
  reject: "rifiutare, rifiuta, declinare, afwijzen, wijs af, weigeren, odrzuć, reddet",
  review:
    "revisionare, rivedere, revisione, controllare, controlla, beoordelen, beoordeel, nakijken, kijk na, sprawdź, przejrzyj, incele, gözden geçir, kontrol et",
  assign: "assegnare, assegna, toewijzen, wijs toe, przypisz, ata, atamak",
  close: "chiudere, chiudi, sluiten, sluit, zamknij, kapat, kapatmak",
  reopen: "riaprire, riapri, heropenen, heropen, otwórz ponownie, yeniden aç",
  lock: "bloccare, blocca, vergrendelen, vergrendel, zablokuj, kilitle",
  unlock: "sbloccare, sblocca, ontgrendelen, odblokuj, kilidini aç",
  join: "entrare, entra, unirsi, partecipare, deelnemen, meedoen, word dołącz, katıl, katılmak",
  leave: "uscire, esci, lasciare, lascia, verlaten, verlaat, opuść, ayrıl, çık",
  invite:
    "invitare, invita, invito, uitnodigen, nodig uit, uitnodiging, zaproś, zaproszenie, davet et, davet",
  pin: "fissare in alto, appunta, vastmaken, vastzetten, pin vast, przypnij, sabitle",
  react: "reagire, reazione, faccina, reageren, reactie geven, zareaguj, tepki, tepki ver",
  star: "stella, speciali, preferiti, ster, favoriet, gwiazdka, ulubione, yıldızla, yıldız, önemli",
  archive: "archiviare, archivia, archiveren, archiveer, zarchiwizuj, arşivle",
  "mark as read":
    "segna come letto, segna come letta, segna come letti, markeer als gelezen, oznacz jako przeczytane, okundu olarak işaretle",
  unread: "non letti, non lette, non letta, da leggere, ongelezen, nieprzeczytane, okunmamış",
  download:
    "scaricare, scarica, salvare, salva, downloaden, opslaan, sla op, pobierz, ściągnij, zapisz, indir, kaydet",
  upload: "caricare, carica, uploaden, wgraj, prześlij, yükle",
  compare:
    "confrontare, confronta, differenza, differenze, vergelijken, vergelijk, verschil, verschillen, porównaj, różnice, karşılaştır, fark",
  share: "condividere, condividi, delen, deel, udostępnij, paylaş",
  ask: "chiedere, chiedi, richiedere, richiedi, vragen, vraag, poproś, zapytaj, iste, sor",
  report: "segnalare, segnala, rapporteren, zgłoś, bildir",
  summarize:
    "riassumere, riassumi, riassunto, samenvatten, vat samen, samenvatting, podsumuj, streść, özetle, özet",
  mail: "posta, messaggio di posta, e-mails, mailtje, mailtjes, mejl, mejla, maile, wiadomość e-mail, poczta, e-posta, eposta, postalarım",
  message:
    "messaggio, messaggi, bericht, berichten, wiadomość, wiadomości, mesaj, mesajı, mesajlar, mesajları",
  inbox:
    "posta in arrivo, casella di posta, casella, postvak, postvak in, skrzynka, skrzynka odbiorcza, gelen kutusu, gelen kutum",
  draft: "bozza, bozze, conceptmail, szkic, szkice, wersja robocza, taslak, taslağı, taslaklar",
  sender: "mittente, afzender, nadawca, gönderen",
  recipient: "destinatari, ontvanger, ontvangers, odbiorca, odbiorcy, alıcı",
  thread:
    "conversazione, conversazioni, discussione, filo, risposte, gesprek, gesprekken, draad, reacties, wątek, wątku, rozmowa, konuşma, yanıtlar, ileti dizisi",
  trash: "cestino, prullenbak, kosz, kosza, çöp, çöp kutusu",
  attachment: "allegato, allegati, bijlage, bijlagen, załącznik, załączniki, ek, eki, ekler",
  subject: "oggetto, titolo, onderwerp, titel, temat, tytuł, konu, konusu, başlık",
  text: "testo, contenuto, inhoud, tekst, treść, metin, içerik",
  label: "etichetta, etichette, etykieta, etykiety, etiket, etiketi, etiketler",
  folder: "cartella, cartelle, mappa, mappe, katalog, klasör",
  channel:
    "canale, canali, kanaal, kanalen, kanał, kanale, kanału, kanały, kanal, kanalı, kanalına, kanalda, kanallar",
  "direct message": "messaggio privato, messaggio diretto, privébericht, wiadomość prywatna, özel mesaj",
  notification:
    "notifica, notifiche, melding, meldingen, powiadomienie, powiadomienia, bildirim, bildirimler, bildirimlerim",
  event:
    "evento, eventi, riunione, riunioni, appuntamento, appuntamenti, incontro, impegno, impegni, afspraak, afspraken, vergadering, vergaderingen, gebeurtenis, spotkanie, spotkania, wydarzenie, wydarzenia, toplantı, toplantısı, toplantısını, toplantılar, toplantılarım, toplantıyı, etkinlik, etkinliği, randevu",
  calendar:
    "calendario, calendari, agenda, kalender, kalendarz, kalendarza, kalendarze, takvim, takvimi, takvimim, takvimler",
  free: "libero, libera, liberi, disponibile, disponibilità, vrij, beschikbaar, wolny, wolne, dostępny, boş, müsait, müsaitlik",
  busy: "occupato, occupata, bezet, zajęty, meşgul, dolu",
  recurring:
    "ricorrente, periodico, settimanale, terugkerend, wekelijks, cykliczne, cotygodniowe, yinelenen, haftalık",
  attendee:
    "partecipante, partecipanti, invitato, invitati, ospite, ospiti, deelnemer, deelnemers, genodigden, uczestnik, uczestnicy, katılımcı, katılımcılar, davetli",
  upcoming:
    "prossimo, prossima, prossimi, prossime, volgende, aankomende, następny, następne, najbliższe, sonraki, yaklaşan, gelecek",
  issue:
    "problema, problemi, segnalazione, ticket, difetto, errore, probleem, problemen, melding, fout, zgłoszenie, zgłoszenia, błąd, błędu, sorun, sorunu, sorunlar, hata, kayıt",
  "pull request": "richiesta di pull, pull-verzoek, prośba o scalenie, çekme isteği",
  repository:
    "deposito, repositorie, opslagplaats, repozytorium, repozytoria, depo, deposu, depolar, depolarım, depolarımı",
  branch: "ramo, rami, tak, takken, gałąź, gałęzie, dal, dalı, dallar",
  commit: "vastlegging, zatwierdzenie, commitler, işleme",
  code: "codice, codice sorgente, broncode, kod, kodu, kodzie, kodda",
  release:
    "rilascio, rilasci, versione, versioni, uitgave, versie, versies, wydanie, wydania, wersja, sürüm, sürümü, yayın",
  workflow: "flusso di lavoro, pipeline, werkstroom, przepływ pracy, potok, iş akışı, iş akışını",
  logs: "registro, registri, logboek, logi, dziennik, günlük, günlükler, çıktı",
  failed:
    "fallito, fallita, falliti, rotto, mislukt, mislukte, kapot, nieudany, nieudane, zepsuty, başarısız, bozuk",
  passed: "riuscito, superato, geslaagd, gelukt, udany, başarılı, geçti",
  milestone: "traguardo, mijlpaal, kamień milowy, kilometre taşı",
  latest:
    "ultimo, ultima, ultimi, ultime, più recente, recenti, laatste, nieuwste, recente, ostatni, ostatnia, ostatnie, najnowszy, najnowsze, en güncel",
  done: "chiuso, chiusa, chiusi, finito, gesloten, klaar, afgerond, zamknięte, zamknięty, gotowe, kapalı, bitti",
  "open issues":
    "aperto, aperta, aperti, aperte, in sospeso, openstaand, openstaande, otwarte, otwarty, açık",
  mine: "mio, mia, miei, mie, mijn, moje, mój, moja, moich, benim, bana",
  user: "utente, utenti, persona, persone, collega, colleghi, gebruiker, gebruikers, persoon, mensen, użytkownik, użytkownicy, osoba, osoby, kullanıcı, kullanıcılar, kişi, kişiler",
  member: "membro, membri, fa parte, leden, członek, członkowie, członków, üye, üyeler, üyeleri",
  organization:
    "organizzazione, organizzazioni, organisatie, organisaties, organizacja, organizacje, kuruluş, organizasyon",
  account: "conto, rekening, konto, hesap, hesabım",
  file: "bestand, bestanden, plik, pliki, pliku, dosya, dosyayı, dosyalar",
  new: "nuovo, nuova, nuovi, nuove, nieuw, nieuwe, nowy, nowa, nowe, nową, yeni",
};

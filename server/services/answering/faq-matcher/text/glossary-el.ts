import { greekTerm } from './greek'
import { fold } from './normalise'

/*
 * Greek words and what they mean in English, written for this project: weddings, shops, bookings, accounts, everyday
 * verbs. One line per meaning: English words, then Greek forms whose stems differ. Inflected forms meet through
 * `greekTerm`, so only irregular ones are listed. "-" means: a function word, no meaning of its own.
 */
const LINES = `
give pay: δώσω δίνω δώσουμε
-: ο η το οι τα του της των τον την τους τις στο στη στην στον στους στις στα με σε από για και κι να θα δε δεν μη μην ας που πως ότι αν εάν είναι είμαι είμαστε είστε ήταν ένα ένας μια μία ενός μιας μου σου μας σας εμένα μένα εσένα αυτό αυτός αυτή αυτά αυτές αυτοί εκείνο εγώ εσύ εσείς εμείς εμάς εσάς όμως αλλά ή είτε ως σαν δηλαδή λοιπόν μήπως άραγε επίσης ακόμα ακόμη ήδη πια πλέον μόνο πολύ πιο λίγο τόσο όσο όσα όσοι όπως κάτι κάποιο κάποιος κάποια κάποιον κάποιους τι
what: τι
how much: πόσο πόσα
how many: πόσοι πόσες πόσους
how: πώς
when: πότε όταν μόλις
until when: μέχρι ως έως
where: πού
who: ποιος ποιον ποιοι
which: ποιο ποια ποιες ποιους
why: γιατί
have: έχω έχει έχετε έχουμε έχουν έχεις είχα
can: μπορώ μπορεί μπορούμε μπορείτε μπορούν γίνεται δυνατόν δυνατό δυνατότητα εφικτό
want: θέλω θέλει θέλουμε θέλετε θέλουν θέλαμε ήθελα ήθελε θέλαμε θα'θελα επιθυμώ
need: χρειάζομαι χρειάζεται χρειαζόμαστε χρειάζονται χρειαστεί πρέπει απαιτείται απαιτούνται απαραίτητο απαραίτητα ανάγκη
exists available: υπάρχει υπάρχουν
do make: κάνω κάνει κάνετε κάνουμε κάνουν κάνω έκανα φτιάξω φτιάχνω
offer provide: προσφέρετε προσφέρω παρέχετε παρέχω διαθέτετε διαθέτει
find: βρω βρίσκω βρούμε βρείτε βρει
located where: βρίσκεστε βρίσκεται βρισκόσαστε τοποθεσία έδρα
see view: δω δούμε βλέπω δείτε δει δούνε
visit tour: επίσκεψη επισκεφτώ επισκεφθούμε επισκεφτούμε ξενάγηση περάσουμε
help: βοήθεια βοηθήσω βοηθάτε βοηθήσετε
cost price: κόστος κοστίζει τιμή τιμοκατάλογος τιμές στοιχίζει
charge price: χρεώνω χρέωση χρεώνετε χρεώσεις αμοιβή
expensive: ακριβό ακριβά
cheap: φτηνό φθηνό οικονομικό
pay payment: πληρώνω πληρωμή πληρώσω πληρωθεί εξόφληση εξοφλώ ξοφλήσω
money: χρήματα λεφτά ποσό
deposit: προκαταβολή καπάρο προκαταβάλω αρραβώνα
installments: δόσεις δόση
card credit: κάρτα πιστωτική χρεωστική
cash: μετρητά
transfer transport: μεταφορά
bank transfer: τράπεζα τραπεζική κατάθεση έμβασμα
invoice receipt: τιμολόγιο απόδειξη παραστατικό
tax vat: φπα φόρος
discount: έκπτωση προσφορά προσφορές
refund return money: επιστροφή επιστρέφω επιστραφούν
free: δωρεάν τσάμπα
free available: ελεύθερη ελεύθερο διαθέσιμη διαθέσιμο διαθεσιμότητα
budget: προϋπολογισμός μπάτζετ
euro: ευρώ
package: πακέτο πακέτα
full: πλήρης ολοκληρωμένο
custom tailor: προσαρμογή προσαρμόσω εξατομικευμένο προσαρμοσμένο μέτρα
service: υπηρεσία υπηρεσίες εξυπηρέτηση
company: εταιρεία εταιρία επιχείρηση
plan organise: οργάνωση οργανώνω διοργάνωση διοργανώνω σχεδιασμός αναλαμβάνετε αναλαμβάνω αναλάβετε
include: περιλαμβάνει περιλαμβάνονται συμπεριλαμβάνεται
wedding marriage: γάμος γαμήλιο γαμήλια
marry: παντρευτώ παντρεύομαι παντρευτούμε παντρευόμαστε
couple: ζευγάρι ζευγάρια
bride: νύφη νυφικό
bridal suite room: νυφική σουίτα
groom: γαμπρός
fiance partner: αρραβωνιαστικός αρραβωνιαστικιά σύντροφος
husband: άντρας σύζυγος
wife woman: γυναίκα
best man sponsor: κουμπάρος κουμπάρα
baptism: βάφτιση βαπτίσια
engagement: αρραβώνας αρραβώνες
honeymoon: μήνας μέλιτος
ceremony: τελετή μυστήριο
religious: θρησκευτικός
civil: πολιτικός
church: εκκλησία ναός ξωκλήσι
priest: παπάς ιερέας
reception party: δεξίωση γλέντι πάρτι πάρτυ
venue place space: χώρος κτήμα μέρος αίθουσα αίθουσες εγκαταστάσεις
hall room: σάλα δωμάτιο δωμάτια
garden: κήπος
island: νησί σαντορίνη μύκονος κρήτη πάρος
beach: παραλία θάλασσα
abroad foreign: εξωτερικό αλλοδαπός ξένοι
country: χώρα
town city: πόλη
capacity hold people: χωράει χωρητικότητα χωρέσουν χωράνε
guest: καλεσμένος καλεσμένοι προσκεκλημένος
list: λίστα κατάλογος
invitation: προσκλητήριο πρόσκληση προσκλητήρια
confirm attendance rsvp: επιβεβαίωση επιβεβαιώσουν παρουσία παρουσίας απαντήσουν
answer reply: απάντηση απαντάω
attend come: έρθει έρθουν έρχονται έρθω παρευρεθεί έρθουμε παραβρεθώ
people person: άτομο άτομα κόσμος άνθρωποι άνθρωπος
number: αριθμός νούμερο
add: προσθέτω προσθέσω βάλω βάζω προσθήκη
remove delete: αφαιρέσω διαγράψω σβήσω βγάλω αφαίρεση διαγραφή
edit: επεξεργασία επεξεργαστώ διορθώσω
upload import: ανεβάσω εισαγωγή φορτώσω ανεβάζω
download: κατεβάσω κατεβάζω
print: εκτυπώσω τυπώσω εκτύπωση
share: μοιραστώ μοιράζομαι κοινοποιήσω
file: αρχείο έξελ
table: τραπέζι τραπέζια
seat seating: κάθισμα θέσεις θέση καθίσουν καθίσει διάταξη
plan: σχέδιο πλάνο κάτοψη
food: φαγητό φαγητά φαΐ κουζίνα
menu: μενού πιάτα πιάτο
catering: κέτερινγκ κατερινγκ τροφοδοσία
buffet: μπουφές μπουφέ
dinner meal: δείπνο γεύμα
taste tasting: δοκιμή δοκιμάσουμε γευσιγνωσία γευστική
vegetarian: χορτοφάγος χορτοφάγοι χορτοφαγικό βετζετέριαν
vegan: βίγκαν νηστίσιμο
allergy: αλλεργία αλλεργίες αλλεργικός δυσανεξία κοιλιοκάκη
gluten: γλουτένη
drinks: ποτό ποτά ποτών μπαρ
alcohol: αλκοόλ οινόπνευμα
wine: κρασί κρασιά οίνος
cake: τούρτα τούρτες γλυκό γλυκά
sugared almonds favours: μπομπονιέρα μπομπονιέρες
flowers: λουλούδια άνθη ανθοστολισμός ανθοπωλείο ανθοδέσμη
bouquet: μπουκέτο
decoration: διακόσμηση στολισμός στόλισμα διακοσμητής
candles: κεριά λαμπάδες
colour theme: χρώμα χρώματα θέμα
lights: φώτα φωτισμός
photographer: φωτογράφος φωτογραφία φωτογράφιση φωτογραφίες
video: βίντεο βιντεοσκόπηση βιντεογράφος
drone: ντρόουν
music: μουσική
band: μπάντα ορχήστρα συγκρότημα
dj: ντιτζέι dj
sound: ήχος θόρυβος ένταση
dance: χορός χορέψουμε
fireworks: πυροτεχνήματα βεγγαλικά
dress: φόρεμα
suit: κοστούμι
makeup: μακιγιάζ
hair: κομμωτής μαλλιά χτένισμα κομμωτήριο
rings: βέρες δαχτυλίδι
gift: δώρο δώρα
voucher: δωροεπιταγή κουπόνι
children kids: παιδί παιδιά παιδικό μωρό μωρά πιτσιρίκια
babysitter: μπέιμπισίτερ νταντά
weather: καιρός
rain: βροχή βρέξει βρέχει κακοκαιρία
indoor: εσωτερικός στεγασμένος μέσα
outdoor: εξωτερικός υπαίθριος έξω
tent: τέντα
parking: πάρκινγκ παρκάρω παρκάρουν στάθμευση παρκινγκ
car: αυτοκίνητο αμάξι αυτοκίνητα
bus: λεωφορείο πούλμαν
taxi: ταξί
transport: μεταφορά μετακίνηση μεταφέρετε
airport: αεροδρόμιο
hotel: ξενοδοχείο ξενοδοχεία
accommodation stay: διαμονή κατάλυμα διανυκτέρευση μείνουν μένω κοιμηθούν μείνουμε
night: νύχτα βράδυ
near: κοντά κοντινό γύρω
far: μακριά απόσταση
address: διεύθυνση οδός
map directions: χάρτης οδηγίες
road: δρόμος
phone call: τηλέφωνο τηλεφωνώ καλέσω τηλεφωνικά πάρω
email: μέιλ ιμέιλ email
contact: επικοινωνία επικοινωνήσω επαφή
talk speak: μιλήσω μιλάω μιλήσουμε συζητήσω
human employee: υπάλληλος εκπρόσωπος άνθρωπος
message: μήνυμα
send: στείλω στέλνω αποστολή στείλετε έστειλα
receive: λάβω λαμβάνω παραλαβή παραλάβω έλαβα
open: ανοίγω ανοιχτά ανοιχτοί
hours: ωράριο ώρες ώρα λειτουργίας
closed: κλειστά κλείνω κλείνετε
book reserve: κράτηση κλείσω κλείσουμε κλείσετε κρατήσω κλεισμένο
contract sign: συμβόλαιο υπογράψω υπογραφή συμφωνητικό
appointment: ραντεβού
date: ημερομηνία ημερομηνίες ημέρα
day: μέρα μέρες
saturday: σάββατο σάββατα
sunday weekend: κυριακή σαββατοκύριακο
june: ιούνιος ιούνη
july: ιούλιος ιούλη
august: αύγουστος
september: σεπτέμβριος σεπτέμβρη
may: μάιος
summer: καλοκαίρι θερινός
winter: χειμώνας
month: μήνας μήνες
week: εβδομάδα εβδομάδες βδομάδα
year: χρόνος χρονιά έτος χρόνια
today: σήμερα
tomorrow: αύριο
yesterday: χθες
now: τώρα
before advance: πριν πριν προτού νωρίς νωρίτερα προηγούμενα
after later: μετά αργότερα ύστερα
late: αργά
time how long: διάρκεια διαρκεί κρατάει κρατά διαρκούν
start: αρχίζει ξεκινάει αρχή έναρξη
end finish: τελειώνει τέλος λήξη σταματάει
deadline: προθεσμία
schedule timeline: πρόγραμμα χρονοδιάγραμμα χρονολόγιο
change: αλλάξω αλλαγή αλλάζω τροποποίηση τροποποιήσω
postpone reschedule: αναβολή αναβάλω αναβάλουμε μεταθέσω μετάθεση αναβάλλω
cancel: ακύρωση ακυρώσω ματαίωση ματαιώσουμε
policy terms: πολιτική όροι όρος
penalty fee: ποινή ρήτρα πρόστιμο
lose: χάσω χάνω χάσουμε χάθηκε
insurance: ασφάλεια ασφάλιση ασφαλιστήριο ασφαλισμένοι
damage: ζημιά ζημιές σπάσει
supplier vendor: προμηθευτής προμηθευτές συνεργάτης συνεργάτες εξωτερικός
own: δικός δικό δική δικά δικούς δικές
bring: φέρω φέρνω φέρουμε
choose: διαλέξω επιλέξω επιλογή επιλογές
document paper: χαρτί χαρτιά έγγραφο έγγραφα δικαιολογητικά πιστοποιητικό γραφειοκρατία
licence: άδεια
passport: διαβατήριο
identity: ταυτότητα
legal: νομικό νόμιμο νόμιμα
account: λογαριασμός λογαριασμό
login: σύνδεση συνδεθώ συνδέομαι μπω είσοδος λογκιν
password: κωδικός κωδικό συνθηματικό πάσγουορντ
forgot: ξέχασα ξεχάσω
reset: επαναφορά
access: πρόσβαση
work function: δουλεύω δουλεύει λειτουργεί δουλειά
problem: πρόβλημα σφάλμα λάθος
website: ιστοσελίδα σελίδα σάιτ ιστότοπος εφαρμογή
internet wifi: ίντερνετ γουάιφαϊ διαδίκτυο
mother: μάνα μητέρα μαμά
father: πατέρας μπαμπάς
family: οικογένεια συγγενείς
friend: φίλος φίλοι φίλη
sister: αδελφή αδερφή
brother: αδελφός αδερφός
grandparent: παππούς γιαγιά
disabled wheelchair: αναπηρικό αμεα αναπηρία καροτσάκι
dog pet: σκύλος σκυλί κατοικίδιο ζώα σκύλο
smoke: κάπνισμα καπνίζω
coordinator: συντονιστής συντονίζει συντονισμός
planner: διοργανωτής οργανωτής
style design: στυλ σχεδιάζω
virtual: εικονική διαδικτυακά
person each: κεφάλι έκαστος
minimum: ελάχιστος τουλάχιστον λιγότερο
maximum: μέγιστος μάξιμουμ πολύ
order: παραγγελία παραγγείλω παραγγελίες
product: προϊόν προϊόντα
shop: κατάστημα μαγαζί
delivery shipping: παράδοση μεταφορικά αποστολές κούριερ παραδίδετε
buy: αγοράσω αγορά αγοράζω
sell: πουλάω πώληση πουλάτε
size: μέγεθος
guarantee: εγγύηση
exchange: αλλαγή ανταλλαγή
stock: απόθεμα στοκ
complaint: παράπονο
rating review: κριτική κριτικές αξιολόγηση
experience: εμπειρία
staff team: προσωπικό ομάδα
know learn: ξέρω γνωρίζω μάθω μάθουμε
tell say: πω πείτε πες πείτε λέω ενημερώσω ενημέρωση
recommend suggest: προτείνω προτείνετε συστήνω
arrange: κανονίζω κανονίσετε κανονίσω φροντίζω
rent: νοικιάζω ενοικιάζω ενοικίαση νοικιάσω νοίκι
whole: ολόκληρος όλο όλη όλα όλους
same: ίδιος ίδια
other another: άλλος άλλο άλλη
new: νέος καινούργιος
two: δύο δυο
one: έναν
three: τρία τρεις
hundred: εκατό εκατοντάδες
possible: πιθανό
allowed: επιτρέπεται επιτρέπονται
must: υποχρεωτικά υποχρεωτικό
good: καλό καλός καλή
nice beautiful: όμορφο ωραίο
bad: κακός κακό άσχημο
problem broken: χαλασμένο χάλασε
urgent: επείγον άμεσα γρήγορα
thanks: ευχαριστώ ευχαριστούμε
hello: γεια χαίρετε καλημέρα καλησπέρα χαιρετώ γειά
bye: αντίο
please: παρακαλώ
yes: ναι μάλιστα
no: όχι
joke: ανέκδοτο
love: αγαπώ αγάπη
football: ποδόσφαιρο ποδόσφαιρο μπάλα
recipe: συνταγή
film: ταινία
news: νέα ειδήσεις
doctor: γιατρός
job: εργασία βιογραφικό
name: όνομα ονόματα επώνυμο
live: ζωντανή ζω ζείτε
travel trip: ταξίδι ταξιδέψω
flight: πτήση αεροπλάνο εισιτήριο
translate: μετάφραση μεταφράσω
guest room overnight: ξενώνας
illness: αρρώστια ασθένεια αρρωστήσω
stop: σταματήσω σταματάει
balance rest: υπόλοιπο υπόλοιπα
percent: ποσοστό τοις
euros total: σύνολο συνολικά συνολικό
estimate quote: προσφορά εκτίμηση
cover: κάλυψη καλύπτει
responsible: υπεύθυνος ευθύνη
leave: φύγω φεύγω αφήσω αφήνω
park overnight: ξενυχτήσει
shuttle: σατλ μίνι
directions get: πάω πάμε πάει φτάσω φτάνω φτάσουν ερχόμαστε πηγαίνω
hear listen: ακούω ακούσω
play: παίζω παίξει παίξουν
until late: ξημερώματα πρωί
morning: πρωί πρωινό
noon: μεσημέρι
many more: περισσότερα πολλά πολλοί περισσότερους παραπάνω
few: λίγα λίγοι λιγότερα
big: μεγάλο μεγάλος
small: μικρό μικρός
quiet: ησυχία
security: φύλαξη
toilet: τουαλέτα
air conditioning: κλιματισμός
eat food: φάνε φάμε φάω τρώνε τρώω τρώμε τρώει φαγωθεί
give pay: δώσω δίνω δώσουμε δίνουμε δώσετε
upfront advance: μπροστά
twins children: δίδυμα
child age: χρονών ηλικία έφηβος νήπιο
uncle: θείος θεία
area region: περιοχή νομός προάστιο
relatives family: συγγενείς σόι πεθερός πεθερά
alcohol drinks: τσίπουρο ούζο ουίσκι μπύρα μπίρα σαμπάνια κοκτέιλ ποτάκι
soft drinks: αναψυκτικά χυμός νερό
seafood: θαλασσινά ψάρι
meat: κρέας κοτόπουλο
cheese dairy: γαλακτοκομικά λακτόζη τυρί
nuts: καρπούς ξηρούς φιστίκι
let: αφήνει
login enter: μπαίνω μπω μπει μπούμε
separate break: χωρίσουμε χωρίζω χωρισμός
dance party: χορεύουμε χορέψουμε χορός χορεύω
booked reserved: κλεισμένοι κλεισμένο κλεισμένες
take: παίρνω πάρουμε παίρνετε πάρω
put: βάλουμε βάζετε
set table arrange: στήσω στήνω
begin: ξεκινήσουμε αρχίσουμε
deal do: ασχολείται ασχολείστε
separately: ξεχωριστά
meet: συναντηθούμε συνάντηση γνωριστούμε
show: δείξετε δείχνω
photo picture: φωτογραφία φωτογραφίες φώτο
film: βιντεοσκοπήσω λήψη
album: άλμπουμ
dates: ημερολόγιο
weekday: δευτέρα τρίτη τετάρτη πέμπτη παρασκευή καθημερινή
january winter: ιανουάριος φεβρουάριος δεκέμβριος νοέμβριος
spring: άνοιξη απρίλιος μάρτιος
autumn: φθινόπωρο οκτώβριος
next year: του.χρόνου επόμενος
last: τελευταίος τελευταία
first: πρώτος πρώτη
early: νωρίτερα εγκαίρως
quick fast: γρήγορα σύντομα
wait: περιμένω αναμονή
delay: καθυστέρηση καθυστερεί
difference: διαφορά
kind type: είδος τύπος
quality: ποιότητα
contain: περιέχει
material: υλικό ύφασμα
broken damaged: σπασμένο ελαττωματικό
wrong: λάθος λανθασμένο
return item: επιστρέψω
withdraw: αποσύρω
register: εγγραφή εγγραφώ
profile: προφίλ
settings: ρυθμίσεις
button: κουμπί
click: πατάω πατήσω
screen: οθόνη
phone mobile: κινητό
computer: υπολογιστής
link: σύνδεσμος λινκ
code: κωδικούλης
personal data: δεδομένα προσωπικά
delete account: κατάργηση
unsubscribe: απεγγραφή
online: ηλεκτρονικά διαδικτυακά
electronic invitation: ηλεκτρονική
yes say: πει
count: μετράω
limit: όριο
rule: κανόνας κανονισμός
fee extra: επιβάρυνση επιπλέον έξτρα
total cost: συνολικό
per person: άτομο
cheaper: φθηνότερο
rich: πλούσιο
simple: απλός απλό
luxury: πολυτελής
traditional: παραδοσιακό
modern: μοντέρνο
romantic: ρομαντικό
bouquet: νυφική
arch: αψίδα
chairs: καρέκλες
cloth linen: τραπεζομάντηλα
heating: θέρμανση σόμπες
cold: κρύο
hot: ζέστη
wind: αέρας άνεμος
storm: καταιγίδα μπόρα
shade umbrella: σκιά ομπρέλα
power generator: ρεύμα γεννήτρια
stage: σκηνή
microphone: μικρόφωνο
singer: τραγουδιστής τραγούδι
violin: βιολί κλαρίνο
projector: προβολέας
time late: ώς πόσες
driver: οδηγός
boat ship: πλοίο βάρκα σκάφος καράβι
train metro: τρένο μετρό
walk: περπάτημα πόδια
minutes: λεπτά λεπτό
kilometres distance: χιλιόμετρα απέχει απέχετε
sleep stay: κοιμηθώ κοιμούνται ύπνος
bed: κρεβάτι
breakfast: πρωινό
pool: πισίνα
mountain: βουνό
village: χωριό
mayor townhall: δημαρχείο δήμος δήμαρχος
certificate: βεβαίωση ληξιαρχική πιστοποιητικό
lawyer: δικηγόρος
embassy: πρεσβεία προξενείο
citizen nationality: υπηκοότητα πολίτης
divorce: διαζύγιο διαζευγμένος
liability: αστική
theft lost: κλοπή κλάπηκε
accident: ατύχημα
fear worry: φοβάμαι φοβόμαστε ανησυχώ αγχωμένη άγχος
surprise: έκπληξη
trust: εμπιστεύομαι
idea advice: ιδέα συμβουλή συμβουλές
opinion: γνώμη άποψη
agree: συμφωνώ συμφωνία
sure confirm: σίγουρα σίγουρος
remember remind: θυμάμαι υπενθύμιση
write: γράφω γράψω γράψετε
read: διαβάζω
meaning: σημαίνει
win: κερδίζω κέρδισε
match game: αγώνας παιχνίδι
restaurant: εστιατόριο ταβέρνα
house home: σπίτι
car rental: ενοικιαζόμενο
school: σχολείο
birthday: γενέθλια
conference business: συνέδριο εταιρική εταιρικό
smoke: τσιγάρο
dog: σκυλάκι
horse carriage: άλογο άμαξα
balloons: μπαλόνια
confetti: κομφετί ρύζι κουφέτα
greek: ελληνικός ελλάδα ελληνικά
english: αγγλικά αγγλία
language: γλώσσα
orthodox: ορθόδοξος
catholic: καθολικός
`

export interface GreekGloss {
  /** English words with about the same meaning, best first; empty for function words. */
  english: string[]
}

/** Greek index term (see `greekTerm`) → its meaning. The first line that names a term wins. */
export const GREEK_GLOSSARY: ReadonlyMap<string, GreekGloss> = buildGlossary()

function buildGlossary(): Map<string, GreekGloss> {
  const glossary = new Map<string, GreekGloss>()
  for (const line of LINES.trim().split('\n')) {
    const [meaning, forms] = line.split(': ') as [string, string]
    const english = meaning === '-' ? [] : meaning.split(' ')
    for (const form of forms.split(' ')) {
      const term = greekTerm(fold(form))
      if (!glossary.has(term)) glossary.set(term, { english })
    }
  }
  return glossary
}

/** Chat shorthand and the commonest misspellings that are themselves words or too short for the speller. */
const LINES = `
u:you ya:you yu:you ur:your urs:yours r:are pls:please plz:please plse:please pleas:please
wat:what wht:what wut:what wot:what wats:what whats:what wheres:where hows:how whos:who wen:when whn:when whr:where hw:how wich:which
teh:the hte:the da:the dat:that dis:this dem:them tht:that thats:that its:it theres:there
ppl:people peeps:people peple:people abt:about bout:about wana:want_to wanna:want_to gonna:going_to gotta:got_to gimme:give_me lemme:let_me
cant:can_not dont:do_not doesnt:does_not didnt:did_not wont:will_not isnt:is_not arent:are_not havent:have_not hasnt:has_not couldnt:could_not wouldnt:would_not shouldnt:should_not wasnt:was_not
im:i_am ive:i_have thru:through thx:thanks tnx:thanks thnx:thanks ty:thanks msg:message msgs:messages
acc:account acct:account accnt:account amt:amount num:number nr:number pic:picture pics:pictures pix:pictures info:information tel:telephone
b4:before gr8:great l8:late l8r:later 2day:today 2moro:tomorrow tmrw:tomorrow tmr:tomorrow tomoro:tomorrow 2nite:tonight
bday:birthday fb:facebook ig:instagram insta:instagram yr:year yrs:years hrs:hours hr:hour mins:minutes max:maximum wk:week wks:weeks mnth:month mnths:months
sum1:someone smth:something sth:something becoz:because bcoz:because bcz:because coz:because cuz:because cos:because
bf:boyfriend gf:girlfriend hubby:husband n:and nd:and y:why v:very hav:have hv:have recieve:receive recieved:received dose:does shud:should cud:could wud:would
appt:appointment addr:address approx:approximately asap:urgent avail:available cert:certificate dept:department docs:documents est:estimate mgmt:management
qty:quantity pymt:payment pmt:payment ref:reference reg:regarding tix:tickets veggie:vegetarian veg:vegetarian vegie:vegetarian mum:mother mums:mother mom:mother moms:mother dad:father
dlvry:delivery ordr:order prod:product recd:received refnd:refund cod:cash_on_delivery eta:arrival_time pw:password pwd:password pword:password login:login signin:sign_in signup:sign_up
e-mail:email emails:email
`

export const SHORTHAND: ReadonlyMap<string, string> = new Map(
  LINES.trim().split(/[ \n]+/).map(pair => pair.split(':').map(part => part.replaceAll('_', ' ')) as [string, string]).filter(([short, long]) => short !== long),
)

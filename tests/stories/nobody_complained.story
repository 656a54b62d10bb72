# Steps of complaints that contradict each other, or the complaint.
#
# What a clerk finds in the files is believed as far as it can be: who resolves a case says that there
# was one; who accepts before anything was resolved accepts nothing; a concern about what is closed
# already waits until it is opened again. docs/contradictions.md lists them.

# A resolution of a case that nobody raised: there was something, and it is over.
2024-03-04 09:00  ana  ComplaintResolved      case=C1 remedy=refund
  => friction -40 because ComplaintResolved C1
  => no flags
# The complaint itself is entered late: now it is a case like any other, and says so.
2024-03-01 09:00  ana  ComplaintRaised        case=C1 severity=1  logged 2024-03-05 09:00
  => friction > -20 because case C1
  => done complaint_resolve for C1 with ComplaintResolved C1

# Acknowledged before it is raised: that was another one, so the acknowledgement is still owed.
2024-04-04 09:00  ben  ComplaintAcknowledged  case=C1
  => friction 0
2024-04-04 10:00  ben  ComplaintRaised        case=C1 severity=2
  => owed complaint_acknowledge for C1
# Accepted before it is resolved: nothing was accepted.
2024-04-04 11:00  ben  ResolutionAnswered     case=C1 accepted=yes
  => friction -100, owed complaint_resolve
2024-04-04 12:00  ben  ComplaintResolved      case=C1 remedy=refund
  => friction -40
# A concern about a closed case raises no alarm ...
2024-04-04 13:00  ben  ComplaintEscalated     case=C1 level=2
  => no flags, friction -40
# ... until the case is opened again.
2024-04-05 09:00  ben  ComplaintReopened      case=C1
  => flag DAMAGED because case C1, friction -100
  => owed complaint_resolve
# Resolved twice: the later one counts.
2024-04-05 10:00  ben  ComplaintResolved      case=C1 remedy=refund
2024-04-05 11:00  ben  ComplaintResolved      case=C1 remedy=apology
  => friction -40, done complaint_resolve with ComplaintResolved C1
# Yes, and then no: the last word counts.
2024-04-05 12:00  ben  ResolutionAnswered     case=C1 accepted=yes
  => friction > -20
2024-04-05 13:00  ben  ResolutionAnswered     case=C1 accepted=no
  => friction -100
# Raised again under the same key while it is closed: opened again, graver than before.
2024-04-06 09:00  ben  ComplaintRaised        case=C1 severity=3
  => friction -180, flag DAMAGED

# Opened again, though it was never there: somebody complains, whatever the key.
2024-05-04 09:00  cleo  ComplaintReopened     case=C7
  => friction -100 because ComplaintReopened C7
# So it is to be resolved; a reopening is answered by that, and not acknowledged.
  => owed complaint_resolve for C7 by 2024-05-19 09:00 because ComplaintReopened C7
  => no follow-up complaint_acknowledge
2024-05-04 10:00  cleo  ComplaintResolved     case=C7
  => friction -40, done complaint_resolve for C7 with ComplaintResolved C7

# Handed over and escalated without a complaint: noted, and no more.
2024-06-04 09:00  dan  CaseHandedOver         case=C9 department=billing
2024-06-04 10:00  dan  ComplaintEscalated     case=C9 level=1
  => friction 0, no flags
  => timeline has 2 entries

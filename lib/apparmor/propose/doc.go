// Package propose turns AppArmor events into the rules that they call for.
//
// A [Proposer] takes events and, to merge them, rules and notes that another
// Proposer gave. Each event ends in at least one rule, or in at least one note
// that says why there is none, or is counted as one that needs none. The result
// depends on what was added and not on the order: the rules of many hosts,
// merged, are the rules of all their events.
//
// A rule grants what was denied, never what was requested. Events about the same
// thing that have the same trust make one rule, which grants all that was denied in them;
// what is believed less makes a rule of its own, and changes none of the others; with owner,
// they make a rule of their own, so that nobody gets what was denied to the
// owner alone.
//
// Nothing is guessed. An event from which a field is missing that its rule
// would need gives a note; so does a name that could not be shown safely, an
// exec (unless an option says how to run the program), a hat or profile that
// does not exist, and a class for which the parser that the policy is for has
// no rules.
//
// What the installed policy (package installed) has already is left out, and what
// it denies becomes a note. Rules are made wider by the variables of that policy
// ("@{PROC}/@{pid}/"), where a name is a number that is another each time, where
// the parser has no exact form of a network rule and, if asked for, by globs; the
// record of a rule says which, and Options.Exact switches all of it off. That is done when the result is asked
// for, from exactly what was denied, so it depends on no order either. Rules that
// come in wide stay wide. With globs the rules, but not the counts of their
// evidence, are the same whether streams were merged before or after.
//
// The package knows no files and no clock.
package propose

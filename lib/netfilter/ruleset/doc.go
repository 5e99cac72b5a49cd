// Package ruleset reads the rules that a firewall has and says what they do with
// a packet: whether a rule that is proposed is there already, whether it would
// ever be reached, and whether a log line can come from a rule that logs.
//
// It reads what iptables-save(8) and ip6tables-save(8) print, with or without
// -c, and what "nft -j list ruleset" prints. Several files add up. A file that
// was saved says nothing of rules elsewhere: of iptables-legacy beside
// iptables-nft, or of a table that was not listed.
//
// # Sure, or silent
//
// A rule is understood whole, or some of its conditions are not, and then all
// that is known is which packets it cannot match. Such a rule may end the way of
// every packet that it may match, so that nothing is said of those.
//
// [Ruleset.Fate] follows the first packets of connections through every base
// chain of their hooks and through those before and behind it. A packet is
// accepted if it is accepted in all of them, whatever the rules that are not
// understood do, and dropped if it is dropped in one. Where addresses are
// translated, the chains before and behind the hook are asked about every
// address. Where no base chain of the hook was read nothing is known.
//
// First packets are those that conntrack calls new, and of TCP those with SYN
// alone. Rules for established connections are none for them.
package ruleset

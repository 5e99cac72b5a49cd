// Package checker asks the system's own programs what they say of a file that is
// to be written: apparmor_parser(8) of AppArmor rules, nft(8) or
// iptables-restore(8) of firewall rules. It is a second opinion. The first one, and
// the one that decides what a rule may be, is the strict grammar of the rule
// language: apparmor_parser takes two rules where one was meant, and a whole
// profile, too.
//
// AppArmor rules are laid where they will be, in a copy of the policy that nobody
// else sees, and apparmor_parser itself finds which profiles they reach: whatever
// the includes look like. Each of these must compile as it did before and make the
// same profiles. Where none is reached, the file must compile in a profile of its
// own.
//
// Firewall rules are loaded for real, into the network namespace of this process,
// which therefore must be an empty one of its own: nft's dry run misses what only the
// kernel refuses.
package checker

// Package policy reads the AppArmor policy of a system and answers what it
// allows already.
//
// A [Policy] is made of the texts of the files below a folder such as
// /etc/apparmor.d; it opens nothing itself. Nothing is parsed before the first
// question, and then only the profiles' names, and of the profiles that are asked
// for their rules and what they include:
//
//	p := policy.New("/etc/apparmor.d", files)
//	d := p.Decide("/usr/sbin/cupsd", rule)
//	if d.State == policy.Allowed { ... d.By[0].Place ... }
//
// What a file says is taken as apparmor_parser takes it (apparmor.d(5)):
// includes, "if exists", folders of includes, local additions, variables with
// "+=" and in each other, aliases, conditions, children and hats, priorities,
// and in patterns * ** ? [] {}. An access is allowed where rules of the profile
// allow every part of it, and denied where a deny rule has a part of it.
//
// A file, rule or condition that is not understood is stepped over and stands in
// [Policy.Problems]. What a rule says and this package does not know makes the
// rule narrower, never wider: it may be overlooked that something is allowed, but
// nothing is called allowed that is not.
package policy

package aapolicy

import "github.com/sl-suite/sl/lib/apparmor"

// globMade is the name of what this file does, in the record of a rule.
const globMade = "glob"

// globs makes of the rules for many files in one folder one rule for the folder:
// of each access that Options.Glob of them grant or that the rule for the folder,
// if it came in, grants already. What a rule grants besides stays.
//
// Accesses are looked at one by one, so that the result is the same whether the
// rules of several streams are merged before or after. None is made wider in a
// folder of secrets, or where that would be more dangerous than the most dangerous
// rule it is made of. What is run, or mapped to be run, and links are never made
// wider.
func (r *profileResult) globs() {
	least := r.proposer.options.Glob
	if least <= 0 || r.proposer.options.Exact {
		return
	}
	folders := make(map[apparmor.File][]int) // by the rule for all of the folder, without accesses: places in r.rules
	for i := range r.rules {
		if f, ok := r.rules[i].rule.Body.(apparmor.File); ok && f.Exec == apparmor.NoExec {
			if all, ok := f.Path.Siblings(); ok {
				folder := apparmor.File{Owner: f.Owner, Path: all}
				folders[folder] = append(folders[folder], i)
			}
		}
	}
	have := make(map[apparmor.File]apparmor.FileAccess)
	for i := range r.rules {
		f, ok := r.rules[i].rule.Body.(apparmor.File)
		folder := apparmor.File{Owner: f.Owner, Path: f.Path}
		if _, wanted := folders[folder]; ok && wanted {
			have[folder] = f.Access
		}
	}
	for folder, list := range folders {
		r.glob(folder, list, have[folder], least)
	}
	left := r.rules[:0]
	for _, p := range r.rules {
		if p.ruleEntry != nil {
			left = append(left, p)
		}
	}
	r.rules = left
	r.unite()
}

// glob replaces the rules at the places of the list as far as one for their
// folder grants the same; those of which nothing is left lose their entry.
func (r *profileResult) glob(glob apparmor.File, list []int, have apparmor.FileAccess, least int) {
	for _, access := range []apparmor.FileAccess{apparmor.Read, apparmor.Write, apparmor.Append, apparmor.Lock} {
		if r.widens(glob, list, access, least) {
			have = have.Union(access)
		}
	}
	if glob.Access = have; have == 0 {
		return
	}
	wide := apparmor.Rule{Body: glob}
	text := wide.Text()
	for _, i := range list {
		e := r.rules[i].ruleEntry
		f := e.rule.Body.(apparmor.File)
		rest := f.Access.Minus(glob.Access)
		if rest == f.Access {
			continue
		}
		r.propose(text, &ruleEntry{wide, mergeMade(e.made, []string{globMade}), e.evidence})
		if f.Access = rest; rest == 0 {
			r.rules[i].ruleEntry = nil
		} else {
			left := apparmor.Rule{Body: f}
			r.rules[i] = proposed{apparmor.KeyOf(left, left.Text()), &ruleEntry{left, e.made, e.evidence}}
		}
	}
}

// secretDanger is from where on a folder holds secrets, or what others trust in:
// keys, passwords, the system's configuration.
const secretDanger = 6

// widens reports whether so many of the rules grant the access that the glob may,
// and whether that is no more dangerous than one of them is.
func (r *profileResult) widens(glob apparmor.File, list []int, access apparmor.FileAccess, least int) bool {
	count, most := 0, uint8(0)
	for _, i := range list {
		f := r.rules[i].rule.Body.(apparmor.File)
		// Who may write may append. Otherwise it would matter whether another
		// stream had seen the writing.
		if access.Minus(f.Access) != 0 {
			continue
		}
		count++
		f.Access = access
		level, _ := apparmor.Danger(apparmor.Rule{Body: f})
		most = max(most, level)
	}
	glob.Access = access
	level, _ := apparmor.Danger(apparmor.Rule{Body: glob})
	return count >= least && level <= most && level < secretDanger
}

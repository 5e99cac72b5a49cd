package aapolicy

import "github.com/sl-suite/sl/lib/apparmor"

// globMade is the name of what this file does, in the record of a rule.
const globMade = "glob"

// folder is the file rules of a profile that are about things in one folder.
type folder struct {
	profile string
	glob    apparmor.File // without accesses
}

// globs makes of the rules for many files in one folder one rule for the folder:
// of each access that Options.Glob of them grant or that the rule for the folder,
// if it came in, grants already. What a rule grants besides stays.
//
// Accesses are looked at one by one, so that the result is the same whether the
// rules of several streams are merged before or after. None is made wider where
// that would be more dangerous than the most dangerous rule it is made of, so not
// in a folder that holds secrets. What is run, or mapped to be run, and links are
// never made wider.
func (res *result) globs() {
	least := res.proposer.options.Glob
	if least <= 0 || res.proposer.options.Exact {
		return
	}
	folders := make(map[folder][]int) // places in res.rules
	for i := range res.rules {
		if f, ok := res.rules[i].rule.Body.(apparmor.File); ok && f.Exec == apparmor.NoExec {
			if all, ok := f.Path.Siblings(); ok {
				key := folder{res.rules[i].profile, apparmor.File{Owner: f.Owner, Path: all}}
				folders[key] = append(folders[key], i)
			}
		}
	}
	have := make(map[folder]apparmor.FileAccess)
	for i := range res.rules {
		f, ok := res.rules[i].rule.Body.(apparmor.File)
		key := folder{res.rules[i].profile, apparmor.File{Owner: f.Owner, Path: f.Path}}
		if _, wanted := folders[key]; ok && wanted {
			have[key] = f.Access
		}
	}
	for key, list := range folders {
		res.glob(key, list, have[key], least)
	}
	left := res.rules[:0]
	for _, r := range res.rules {
		if r.rule.Body != nil {
			left = append(left, r)
		}
	}
	res.rules = left
	res.unite()
}

// glob replaces the rules at the places of the list as far as one for their
// folder grants the same; those of which nothing is left lose their body.
func (res *result) glob(key folder, list []int, have apparmor.FileAccess, least int) {
	glob := key.glob
	for _, access := range []apparmor.FileAccess{apparmor.Read, apparmor.Write, apparmor.Append, apparmor.Lock} {
		if res.widens(key.glob, list, access, least) {
			glob.Access = glob.Access.Union(access)
		}
	}
	if glob.Access = glob.Access.Union(have); glob.Access == 0 {
		return
	}
	for _, i := range list {
		r := &res.rules[i]
		f := r.rule.Body.(apparmor.File)
		rest := f.Access.Minus(glob.Access)
		if rest == f.Access {
			continue
		}
		wide := *r
		wide.rule.Body = glob
		wide.made = mergeMade(r.made, []string{globMade})
		res.rules = append(res.rules, wide)
		r = &res.rules[i] // the list may be a new one
		if f.Access = rest; rest == 0 {
			r.rule.Body = nil
		} else {
			r.rule.Body = f
		}
	}
}

// widens reports whether so many of the rules grant the access that the glob may,
// and whether that is no more dangerous than one of them is.
func (res *result) widens(glob apparmor.File, list []int, access apparmor.FileAccess, least int) bool {
	count, most := 0, uint8(0)
	for _, i := range list {
		f := res.rules[i].rule.Body.(apparmor.File)
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
	return count >= least && level <= most
}

package header

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// A Policy is what [Scan] sees of the files below a policy folder.
type Policy struct {
	dir   string
	files map[string]File // by name below the folder
	names []string        // of files, sorted
}

// notRead is the problem of a file without a text.
const notRead = "not read"

// New returns the policy below the folder dir. The files have their names below
// it, such as "usr.sbin.cupsd" or "tunables/global"; one whose text is nil could
// not be read.
func New(dir string, files map[string][]byte) *Policy {
	p := &Policy{dir: strings.TrimSuffix(dir, "/"), files: make(map[string]File, len(files)), names: slices.Sorted(maps.Keys(files))}
	for name, text := range files {
		f := File{Problem: notRead}
		if text != nil {
			f = Scan(text)
		}
		p.files[name] = f
	}
	return p
}

// top reports whether the file is one that makes profiles: it stands in the folder
// itself and is not disabled.
func (p *Policy) top(name string) bool {
	_, off := p.files["disable/"+name]
	return !strings.Contains(name, "/") && !IgnoredName(name) && !off
}

// Profiles returns the profiles of the files at the top, sorted by file, children
// and hats behind their parent. Variables in a name are replaced, as in the compiled
// policy; those in an attachment stand as they are.
func (p *Policy) Profiles() (list []Profile) {
	variables := p.Variables()
	var add func(profiles []Profile, file string)
	add = func(profiles []Profile, file string) {
		for _, profile := range profiles {
			profile.Name = profileName(profile.Name, variables)
			profile.File = file
			list = append(list, profile)
			add(profile.Children, file)
		}
	}
	for _, name := range p.names {
		if p.top(name) {
			add(p.files[name].Profiles, name)
		}
	}
	return list
}

// Variables returns the values that each variable has anywhere in the tunables or
// at the top of a file, as written: they may hold variables themselves.
func (p *Policy) Variables() map[string][]string {
	variables := make(map[string][]string)
	for _, name := range p.names {
		if !p.top(name) && !strings.HasPrefix(name, "tunables/") {
			continue
		}
		for _, v := range p.files[name].Variables {
			for _, value := range v.Values {
				if !slices.Contains(variables[v.Name], value) {
					variables[v.Name] = append(variables[v.Name], value)
				}
			}
		}
	}
	return variables
}

// Aliases returns the aliases of the tunables and of the files at the top.
func (p *Policy) Aliases() (list []Alias) {
	for _, name := range p.names {
		if p.top(name) || strings.HasPrefix(name, "tunables/") {
			list = append(list, p.files[name].Aliases...)
		}
	}
	return list
}

// resolve returns the name below the folder of what is included, "" for what is
// not below it. A folder includes its files.
func (p *Policy) resolve(i Include) string {
	name := i.Path
	if !i.Magic && strings.HasPrefix(name, "/") {
		below, ok := strings.CutPrefix(path.Clean(name), p.dir+"/")
		if !ok {
			return ""
		}
		name = below
	}
	return strings.TrimPrefix(path.Clean("/"+name), "/")
}

// Includers returns the files at the top that reach the file through any chain of
// includes, sorted: all that can, among them those that could not be followed.
func (p *Policy) Includers(file string) (list []string) {
	reaches := map[string]bool{file: true, path.Dir(file): true}
	for again := true; again; {
		again = false
		for _, name := range p.names {
			if !reaches[name] && p.includesAny(p.files[name], reaches) {
				reaches[name], reaches[path.Dir(name)], again = true, true, true
			}
		}
	}
	for _, name := range p.names {
		if name != file && reaches[name] && p.top(name) {
			list = append(list, name)
		}
	}
	return list
}

// includesAny reports whether the file includes one of the files or folders, or
// something that is not known.
func (p *Policy) includesAny(f File, files map[string]bool) bool {
	if f.Problem != "" {
		return true
	}
	var any func(includes []Include, profiles []Profile) bool
	any = func(includes []Include, profiles []Profile) bool {
		for _, i := range includes {
			name := p.resolve(i)
			if name == "" || strings.Contains(name, "@{") || files[name] {
				return true
			}
		}
		for _, profile := range profiles {
			if any(profile.Includes, profile.Children) {
				return true
			}
		}
		return false
	}
	return any(f.Includes, f.Profiles)
}

// IgnoredName reports whether apparmor_parser passes over files of that name: what
// begins with a dot, README, what package managers and editors leave behind
// (libraries/libapparmor/src/private.c, _aa_is_blacklisted).
func IgnoredName(name string) bool {
	name = path.Base(name)
	if name == "" || name[0] == '.' || name == "README" {
		return true
	}
	for _, suffix := range []string{
		".dpkg-new", ".dpkg-old", ".dpkg-dist", ".dpkg-bak", ".dpkg-remove", ".pacsave", ".pacnew",
		".rpmnew", ".rpmsave", ".orig", ".rej", "~",
	} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

package checker

import "regexp"

// checkNFT loads the file into an empty ruleset.
func checkNFT(c Candidate) error {
	if _, err := run(nil, "nft", "flush", "ruleset"); err != nil {
		return err
	}
	_, err := run(c.Text, "nft", "-f", "-")
	return err
}

// owner is a match that the kernel takes from the first user namespace only
// (net/netfilter/xt_owner.c, owner_check).
var owner = regexp.MustCompile(` -m owner( ! | )--[ug]id-owner [0-9]+(-[0-9]+)?`)

// checkRestore loads the file as both families do: each passes over the lines that
// are for the other. A load empties the tables first. The match for the owner of a
// socket is left out, for here nobody could load it.
func checkRestore(c Candidate) error {
	text := owner.ReplaceAll(c.Text, nil)
	for _, name := range []string{"iptables-restore", "ip6tables-restore"} {
		if _, err := run(text, name); err != nil {
			return err
		}
	}
	return nil
}

# What Upheld may order on a Linux host: one account at a time, by the system's own programs. Runs as root, pinned on the host (it then reads its
# order from standard input, five lines: verb, account, number, what, secret) or sent to `sh -s` with the same five set before it.
# It touches no account below UID_MIN and none of root's, and gives no group or sudo rule that is as good as root, unless GIVES_ROOT=yes stands here.
: "${GIVES_ROOT:=no}"
LC_ALL=C PATH=/usr/sbin:/sbin:/usr/bin:/bin
export LC_ALL PATH
umask 077
ROOT_EQUIVALENT=" root sudo wheel admin docker lxd lxc incus-admin libvirt disk shadow kmem "
OWN_RULES=/etc/sudoers.d/90-upheld-orders

refuse() { printf '=refused\n %s\n =0\n' "$1"; exit 0; }
did() { printf '=did\n %s\n =0\n' "$1"; exit 0; }

if [ -z "${VERB-}" ]; then
  IFS= read -r VERB; IFS= read -r WHO; IFS= read -r NUMBER; IFS= read -r WHAT; IFS= read -r SECRET
fi
printf '=order\n %s\n =0\n' "$VERB"

if [ "$VERB" != look ]; then
  [ "$(id -u)" = 0 ] || refuse "orders are carried out by root alone, and this is $(id -un): let it run by sudo"
  case "$WHO" in "" | -* | *[!A-Za-z0-9._@-]*) refuse "that is no name of an account" ;; esac
fi
if [ "$VERB" = create ]; then
  [ -n "$SECRET" ] || refuse "no first secret was given"
  case "$WHO" in [!a-z_]* | *[!a-z0-9_.-]*) refuse "a new name has small letters, digits and _.- only, and begins with a letter" ;; esac
  getent passwd "$WHO" >/dev/null && refuse "there is an account $WHO already"
  getent group "$WHO" >/dev/null && refuse "there is a group $WHO, which would be this account's own"
  # The person's fields are in the list of processes for a moment, as they are in /etc/passwd for good; the secret never is.
  said=$(useradd --create-home --shell /bin/bash --comment "$WHAT" "$WHO" 2>&1) || refuse "useradd: $said"
  said=$(printf '%s:%s\n' "$WHO" "$SECRET" | chpasswd 2>&1 && chage -d 0 "$WHO" 2>&1) || {
    userdel --remove "$WHO" >/dev/null 2>&1
    refuse "its first secret: $said"
  }
  did "made, and its first secret is to be changed at the next sign-in"
elif [ "$VERB" != look ]; then
  line=$(grep "^$(printf '%s' "$WHO" | sed 's/\./\\./g'):" /etc/passwd | head -n 1)
  [ -n "$line" ] || refuse "there is no account $WHO in /etc/passwd"
  number=$(printf '%s' "$line" | cut -d: -f3)
  [ "$number" = "$NUMBER" ] || refuse "$WHO has the number $number and not $NUMBER: it is another account by now"
  least=$(sed -n 's/^UID_MIN[[:space:]]*//p' /etc/login.defs | head -n 1)
  { [ "$number" -ge "${least:-1000}" ] && [ "$number" -ne 0 ]; } || refuse "$WHO belongs to the system (below UID_MIN): orders about it are given by hand"
  [ "$WHO" != "${SUDO_USER-}" ] || refuse "$WHO carries out these orders itself: it does not touch itself"
fi

run() { said=$("$@" 2>&1) || refuse "$1: ${said:-it failed without a word}"; }

in_group() {
  name=${WHAT%%	*}
  grep -q "^$(printf '%s' "$name" | sed 's/\./\\./g'):" /etc/group || refuse "there is no group $name in /etc/group"
}

rule() {
  command=${WHAT#sudo:}
  case "$command" in
    ALL) [ "$GIVES_ROOT" = yes ] || [ "$1" = take ] || refuse "sudo for everything is as good as root, which these orders do not give" ;;
    /*) case "$command" in *[!A-Za-z0-9/._\ -]*) refuse "a command of these rules has letters, digits, blanks and ._/- only" ;; esac ;;
    *) refuse "a rule names an absolute path" ;;
  esac
  rule="$WHO ALL=(root) $command"
}

write_rules() {
  made=$(mktemp /etc/upheld-orders.XXXXXX) || refuse "no file could be made in /etc"
  cat >"$made"
  chmod 0440 "$made"
  said=$(visudo -cf "$made" 2>&1) || { rm -f "$made"; refuse "visudo: $said"; }
  mv "$made" "$OWN_RULES"
}

# Takes one key out of one file that lets in with it: "ssh-key:BASE64 PATH". What belongs to its person is changed as that person: root
# following a link in a home would write wherever it leads.
take_key() {
  told=${WHAT#ssh-key:} blob=${told%% *} path=${told#* }
  case "$blob" in "" | *[!A-Za-z0-9+/=]*) refuse "that is no public key" ;; esac
  case "$path" in *[!A-Za-z0-9/._@+-]* | *..*) refuse "a file of keys has letters, digits and /._@+- in its name only: take the key out by hand" ;; /*) ;; *) refuse "a file of keys is named by an absolute path" ;; esac
  { [ -f "$path" ] && [ ! -L "$path" ]; } || refuse "$path is no plain file: take the key out by hand"
  owner=$(stat -c %u "$path")
  as="setpriv --reuid=$number --regid=$(printf '%s' "$line" | cut -d: -f4) --clear-groups"
  if [ "$owner" != "$number" ]; then
    case "$owner:$path" in 0:/etc/ssh/*) as= ;; *) refuse "$path belongs neither to $WHO nor to the system below /etc/ssh: take the key out by hand" ;; esac
  fi
  said=$(BLOB=$blob FILE=$path $as sh -c '
    kept=$(mktemp "$FILE.XXXXXX") && cp -p "$FILE" "$kept" || exit 1
    awk -v blob="$BLOB" "!/^[ \t]*#/ { for (i = 1; i <= NF; i++) if (\$i == blob) next } { print }" "$FILE" >"$kept" && mv -f "$kept" "$FILE" || { rm -f "$kept"; exit 1; }
  ' 2>&1) || refuse "$path: ${said:-it could not be written}"
}

case "$VERB" in
  look) ;;
  disable)
    run usermod --lock --expiredate 1 "$WHO"
    did "locked, and expired" ;;
  enable)
    run chage -E -1 "$WHO"
    # Without a password behind the mark, unlocking would let anybody in; keys work again without it.
    kept=$(grep "^$(printf '%s' "$WHO" | sed 's/\./\\./g'):" /etc/shadow | cut -d: -f2)
    case "$kept" in '!'[!*!]*) run usermod --unlock "$WHO" ;; esac
    did "no longer expired" ;;
  grant)
    case "$WHAT" in
      ssh-key:*) refuse "no key is put on a host by these orders: its person brings the public half" ;;
      sudo:*)
        rule give
        { [ ! -f "$OWN_RULES" ] || grep -vxF "$rule" "$OWN_RULES"; printf '%s\n' "$rule"; } | write_rules ;;
      *)
        in_group
        case "$ROOT_EQUIVALENT" in *" $name "*) [ "$GIVES_ROOT" = yes ] || refuse "the group $name is as good as root, which these orders do not give" ;; esac
        run gpasswd --add "$WHO" "$name" ;;
    esac
    did "given" ;;
  revoke)
    case "$WHAT" in
      ssh-key:*) take_key ;;
      sudo:*)
        rule take
        [ -f "$OWN_RULES" ] && grep -qxF "$rule" "$OWN_RULES" || refuse "no rule of $OWN_RULES gives it: take it out by hand where it stands"
        grep -vxF "$rule" "$OWN_RULES" | write_rules ;;
      *)
        in_group
        [ "$(printf '%s' "$line" | cut -d: -f4)" != "$(grep "^$name:" /etc/group | cut -d: -f3)" ] || refuse "$name is the primary group of $WHO: give it another first"
        id -nG "$WHO" | tr ' ' '\n' | grep -qxF "$name" || did "it was not there"
        run gpasswd --delete "$WHO" "$name" ;;
    esac
    did "taken" ;;
  reset_secret)
    [ -n "$SECRET" ] || refuse "no new secret was given"
    # printf is the shell's own: the secret is in no list of processes.
    said=$(printf '%s:%s\n' "$WHO" "$SECRET" | chpasswd 2>&1) || refuse "chpasswd: $said"
    run chage -d 0 "$WHO"
    did "set, and to be changed at the next sign-in" ;;
  end_sessions)
    command -v loginctl >/dev/null && loginctl terminate-user "$WHO" >/dev/null 2>&1
    pkill -TERM -U "$number"
    waited=0
    while pgrep -U "$number" >/dev/null && [ "$waited" -lt 30 ]; do sleep 0.1; waited=$((waited + 1)); done
    pkill -KILL -U "$number"
    did "its processes were ended" ;;
  *) refuse "$VERB is no order" ;;
esac

# What follows looks only: the questions, cut down to accounts, rights and sessions.
WANT="accounts host_accounts groups grants sudo_rules sessions" SCAN=""

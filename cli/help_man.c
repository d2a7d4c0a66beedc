/* The manual page and the shell completion. */
#include "help.h"

#include <string.h>

/* Text for roff: a backslash, a dash and a dot or quote at a line's start have a meaning there. */
static void print_roff(FILE *out, const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", out);
    for (; *text; text++) {
        if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '-')
            fputs("\\-", out);
        else
            fputc(*text, out);
    }
}

static void print_man_option(FILE *out, const struct cli_option *option)
{
    fputs(".TP\n", out);
    if (option->letter)
        fprintf(out, "\\fB\\-%c\\fR, ", option->letter);
    fputs("\\fB\\-\\-", out);
    print_roff(out, option->name);
    fputs("\\fR", out);
    if (option->value) {
        fputs("=\\fI", out);
        print_roff(out, option->value);
        fputs("\\fR", out);
    }
    fputc('\n', out);
    print_roff(out, option->doc);
    fputc('\n', out);
}

void help_man(FILE *out)
{
    fprintf(out, ".TH REMELT 1 \"\" \"remelt %s\" \"User Commands\"\n", cli_version());
    fputs(".SH NAME\nremelt \\- simulate China's secondary aluminium value chain\n"
          ".SH SYNOPSIS\n.B remelt\n.I COMMAND\n[\\fIOPTION\\fR]... [\\fIOPERAND\\fR]...\n"
          ".SH DESCRIPTION\nRemelt is a discrete\\-event simulator. Scenarios are YAML files, "
          "results are HDF5 files.\n.SH COMMANDS\n",
          out);
    for (size_t i = 0; i < cli_command_count; i++) {
        const struct cli_command *command = &cli_commands[i];
        fprintf(out, ".SS remelt %s%s%s\n", command->name,
                command->option_count ? " [OPTION]... " : " ", command->operands);
        print_roff(out, command->description);
        fputc('\n', out);
        for (size_t j = 0; j < command->option_count; j++)
            print_man_option(out, &command->options[j]);
    }
    fputs(".SH EXIT STATUS\n", out);
    for (size_t i = 0; i < help_exit_count; i++) {
        fprintf(out, ".TP\n%d\n", help_exits[i].code);
        print_roff(out, help_exits[i].meaning);
        fputc('\n', out);
    }
    fputs(".SH ENVIRONMENT\n.TP\nREMELT_DATA\nThe folder with the data tables, where they do not "
          "lie in data/ beside the scenario.\n",
          out);
}

/* "plain|tty|json" as words; nothing for a value that is free. */
static void print_values(FILE *out, const char *value)
{
    for (; *value; value++)
        fputc(*value == '|' ? ' ' : *value, out);
}

static bool is_choice(const struct cli_option *option)
{
    return option->value && strchr(option->value, '|') && option->value[0] >= 'a';
}

void help_completion(FILE *out)
{
    fputs("# bash completion for remelt\n_remelt() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
          "    [[ $before == = ]] && before=${COMP_WORDS[COMP_CWORD-2]}\n"
          "    [[ $word == = ]] && word=\n"
          "    local words=''\n    if ((COMP_CWORD == 1)); then\n        words='",
          out);
    for (size_t i = 0; i < cli_command_count; i++)
        fprintf(out, "%s%s", i ? " " : "", cli_commands[i].name);
    fputs("'\n    else\n        case ${COMP_WORDS[1]}:$before in\n", out);
    for (size_t i = 0; i < cli_command_count; i++) {
        const struct cli_command *command = &cli_commands[i];
        for (size_t j = 0; j < command->option_count; j++) {
            if (!is_choice(&command->options[j]))
                continue;
            fprintf(out, "        %s:--%s) words='", command->name, command->options[j].name);
            print_values(out, command->options[j].value);
            fputs("' ;;\n", out);
        }
    }
    fputs("        help:*) words='--man --completion", out);
    for (size_t i = 0; i < cli_command_count; i++)
        fprintf(out, " %s", cli_commands[i].name);
    fputs("' ;;\n", out);
    for (size_t i = 0; i < cli_command_count; i++) {
        fprintf(out, "        %s:*) [[ $word == -* ]] && words='--help", cli_commands[i].name);
        for (size_t j = 0; j < cli_commands[i].option_count; j++)
            fprintf(out, " --%s", cli_commands[i].options[j].name);
        fputs("' ;;\n", out);
    }
    fputs("        esac\n    fi\n    if [[ $words ]]; then\n"
          "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
          "    else\n        mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n    fi\n}\n"
          "complete -o filenames -F _remelt remelt\n",
          out);
}
